"""The grammar of the command line; commands are loaded only when they run."""

import argparse
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from bargain import __version__
from bargain.errors import BadInput

CONCEPTS = {
    "nash": "Nash",
    "subgame-perfect": "SubgamePerfect",
    "sequential": "Sequential",
    "perfect-bayesian": "PerfectBayesian",
    "rubinstein": "Rubinstein",
    "shaked-sutton": "ShakedSutton",
    "finite-horizon": "FiniteHorizon",
    "curved-frontier": "CurvedFrontier",
    "package": "Package",
    "agenda": "Agenda",
    "rotating": "Rotating",
    "nash-bargaining": "NashBargaining",
    "kalai-smorodinsky": "KalaiSmorodinsky",
    "egalitarian": "Egalitarian",
    "utilitarian": "Utilitarian",
    "equal-loss": "EqualLoss",
    "equal-area": "EqualArea",
    "perles-maschler": "PerlesMaschler",
    "discrete-raiffa": "DiscreteRaiffa",
    "continuous-raiffa": "ContinuousRaiffa",
    "best-mechanism": "BestMechanism",
    "linear-bids": "LinearBids",
    "weighted-positions": "WeightedPositions",
    "bargaining-range": "BargainingRange",
    "attrition": "Attrition",
    "quitting-times": "QuittingTimes",
    "round-by-round": "RoundByRound",
    "crisis-bluff": "CrisisBluff",
    "conflict-bounds": "ConflictBounds",
    "optimists": "Optimists",
    "self-enforcing-peace": "SelfEnforcingPeace",
    "risk-return": "RiskReturn",
    "skimming": "Skimming",
    "seconding": "Seconding",
    "no-delay": "NoDelay",
    "linear-skimming": "LinearSkimming",
    "setter-proposal": "SetterProposal",
    "range-by-state": "RangeByState",
    "stochastic-agreement": "StochasticAgreement",
    "iterated-dominance": "IteratedDominance",
    "rationalizability": "Rationalizability",
    "correlated": "CorrelatedEquilibrium",
    "coarse-correlated": "CoarseCorrelatedEquilibrium",
    "quantal-response": "QuantalResponse",
    "security": "SecurityLevels",
    "coco": "Coco",
    "variable-threats": "VariableThreats",
    "perfect": "Perfect",
    "extensive-form-perfect": "ExtensiveFormPerfect",
    "proper": "Proper",
    "risk-dominance": "RiskDominance",
    "payoff-dominance": "PayoffDominance",
    "lemke": "Lemke",
    "minimax": "Minimax",
    "counterfactual-regret": "CounterfactualRegret",
}
_AT = "the baseline; name=value pairs that replace parts of it; or a JSON or TOML file of such values"

_PRIOR = "name=low:high pairs that replace prior ranges, or a JSON or TOML file of such ranges"
_JOBS = 4  # processes by default, where there are so many cores


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are `BadInput`, in one line."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(message, place="command line", remedy=f"see {self.prog} --help")


def parser() -> argparse.ArgumentParser:
    """The parser of ``bargain``; the parsed options carry the command as ``run``."""
    top = _Parser(prog="bargain", description="Exact equilibria of bargaining models, certified.", allow_abbrev=False)
    top.add_argument("--version", action="version", version=f"bargain {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    _listing(commands)
    _showing(commands)
    _solving(commands)
    _verifying(commands)
    _sweeping(commands)
    _claiming(commands)
    _varying(commands)
    _reporting(commands)
    return top


def _listing(commands: Any) -> None:
    command = _command(commands, "list", "the shipped models, one line each", "catalogue")
    _format(command, "text", "json")


def _showing(commands: Any) -> None:
    command = _command(commands, "show", "a model in prose: its notation, problems, quantities and claims", "catalogue")
    _model(command)
    _format(command, "text", "json", "latex", "html")


def _solving(commands: Any) -> None:
    command = _command(commands, "solve", "the equilibria of a model, for all parameters or at a point", "solve")
    _model(command)
    command.add_argument("--concept", choices=CONCEPTS, help="the solution concept (default: the model's own)")
    command.add_argument("--problem", metavar="NAME", help="which of the model's problems (default: the main one)")
    command.add_argument("--at", nargs="+", metavar="VALUE", help=_AT)
    command.add_argument("--free", type=_names, metavar="A,B", help="parameters that stay symbolic; all others take their value")
    command.add_argument("--exact", action="store_true", help="also solve on the boundaries between regimes")
    command.add_argument("--rationality", metavar="L", help="of a quantal response: the weight of payoffs in choice, 0 or more (default: 1)")
    command.add_argument("--by", type=_names, default=(), metavar="A,B", help="solve the printed conditions for these parameters first")
    command.add_argument("--as", dest="shape", choices=("table", "proposition"), default="table",
                         help="with --format latex: an equilibrium table or a proposition with its proof (default: table)")
    _limits(command)
    command.add_argument("--certificate", type=Path, metavar="FILE", help="also write what bargain verify needs to check the answer again")
    _format(command, "text", "json", "latex", "html", "csv")


def _verifying(commands: Any) -> None:
    command = _command(commands, "verify", "a certificate that solve wrote, checked again from the file alone", "verify")
    command.add_argument("file", type=Path, metavar="FILE", help="a file written by bargain solve --certificate")


def _sweeping(commands: Any) -> None:
    command = _command(commands, "sweep", "a model at many parameter points: a grid, draws from the priors, or both", "sweep")
    _model(command)
    command.add_argument("--problem", metavar="NAME", help="which of the model's problems (default: the main one)")
    command.add_argument("--over", nargs="+", metavar="AXIS", default=[], help="axes of a grid: name=first:last:count or name=value,value")
    command.add_argument("--draws", type=int, default=0, metavar="N", help="draws from the priors, the same ones at every node of the grid")
    command.add_argument("--free", type=_names, default=(), metavar="A,B", help="the parameters that are drawn (default: all that have a prior)")
    command.add_argument("--at", nargs="+", metavar="VALUE", default=["baseline"], help=_AT)
    command.add_argument("--seed", type=int, default=0, metavar="S", help="of the draws (default: 0)")
    command.add_argument("--by-regimes", action="store_true", help="solve for all parameters first, then look each point up")
    command.add_argument("--chunk", type=int, default=65_536, metavar="N", help="points computed at a time (default: 65536)")
    command.add_argument("--processes", type=int, default=1, metavar="N", help="how many processes share the chunks (default: 1)")
    command.add_argument("--device", default="cpu", metavar="NAME", help="cpu (default), cuda or cuda:N for a GPU, or torch for torch on the CPU")
    command.add_argument("--format", choices=("text", "json", "latex", "html", "csv"), default="text", help="how to print the shares (default: text)")
    command.add_argument("--out", type=Path, metavar="PLACE",
                         help="write all numbers to FILE.nc or FILE.csv, or chunk by chunk to a folder, from which an interrupted sweep goes on")


def _claiming(commands: Any) -> None:
    command = _command(commands, "claims", "the claims of a model or a group of models, true or false at a point", "claims")
    _model(command, "a shipped model, a group of them such as classics, or a .py model file")
    command.add_argument("--at", nargs="+", metavar="VALUE", default=["baseline"], help=_AT)
    _drawing(command, None, "also study the claims over the priors, with so many draws (20000 is usual)")
    _limits(command)
    _format(command, "text", "json", "latex", "html", "csv")


def _varying(commands: Any) -> None:
    command = _command(commands, "sensitivity", "which parameters a quantity of a model depends on, and the cut-offs of its claims", "sensitivity")
    _model(command, "a shipped model or a .py model file")
    command.add_argument("--quantity", metavar="NAME", help="a quantity: its swings over the priors and its Sobol indices; without it, the cut-offs of claims")
    command.add_argument("--at", nargs="+", metavar="VALUE", default=["baseline"], help=_AT)
    command.add_argument("--prior", nargs="+", metavar="RANGE", default=[], help=_PRIOR)
    command.add_argument("--points", type=int, default=1024, metavar="N", help="base points of the Sobol indices, a power of two (default: 1024)")
    command.add_argument("--seed", type=int, default=0, metavar="S", help="of the points (default: 0)")
    _format(command, "text", "json", "latex", "html", "csv")


def _reporting(commands: Any) -> None:
    command = _command(commands, "report", "tables, figures and data of models, as a folder of files", "report")
    command.add_argument("models", nargs="*", metavar="MODEL", help="models or groups (default: all shipped models)")
    command.add_argument("--out", type=Path, default=Path("report"), metavar="DIR", help="the folder to write (default: report)")
    command.add_argument("--at", nargs="+", metavar="VALUE", default=["baseline"], help=_AT)
    _drawing(command, 20_000, "draws from the priors of each model with claims; 0 leaves them out")
    _limits(command)


def _command(commands: Any, name: str, text: str, module: str) -> Any:
    command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", allow_abbrev=False)
    command.add_argument("--verbose", action="store_true", help="say on standard error what takes longer than a second")
    command.set_defaults(run=_late(module, name))
    return command


def _late(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    """The command ``run_NAME`` of a module of this package, imported when it is called."""

    def run(options: argparse.Namespace) -> int:
        return int(getattr(import_module(f"bargain.cli.{module}"), f"run_{name}")(options))

    run.__name__ = f"run_{name}"
    return run


def _model(command: Any, text: str = "a shipped model (see bargain list), a .py model file or a Gambit .efg or .nfg file") -> None:
    command.add_argument("model", metavar="MODEL", help=text)


def _limits(command: Any) -> None:
    command.add_argument("--time-limit", type=float, metavar="SECONDS", help="stop after so much time, with what was found, marked as not complete")
    command.add_argument("--memory-limit", type=int, metavar="MIB", help="let the work have so much memory; beyond that it stops like --time-limit")


def _format(command: Any, *formats: str) -> None:
    command.add_argument("--format", choices=formats, default="text", help="how to print the answer (default: text)")
    command.add_argument("--out", type=Path, metavar="FILE", help="write the answer to a file")


def _drawing(command: Any, draws: int | None, text: str) -> None:
    """The options of a study over the priors."""
    command.add_argument("--prior", nargs="+", metavar="RANGE", default=[], help=_PRIOR)
    command.add_argument("--draws", type=int, default=draws, metavar="N", help=text + (f" (default: {draws})" if draws is not None else ""))
    command.add_argument("--seed", type=int, default=0, metavar="S", help="of the draws (default: 0)")
    command.add_argument("--cache", type=Path, metavar="DIR", help="keep finished draws in a folder, and go on from there")
    command.add_argument("--jobs", type=int, metavar="N", help="processes among which models are divided (default: one per core, at most 4)")


def jobs(options: argparse.Namespace) -> int:
    """How many processes were asked for; by default one per core."""
    return int(options.jobs) if options.jobs is not None else min(os.cpu_count() or 1, _JOBS)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
