"""Names of parameters as a paper spells them: ``w_C``, ``kw_dG``, ``sigma_A``, ``p1``, ``x_star``.

A name is a base and subscripts: ``base_sub_sub``; digits at the end of the base are a
subscript too. One split, two spellings (LaTeX and HTML); plain text keeps the name. A base of
several letters is upright, so that it does not read as a product of its letters.
"""

import re
from html import escape

_LETTERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι",
    "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ",
    "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}
_SPECIAL = {**{name: "\\" + name for name in _LETTERS}, "lam": r"\lambda", "Lam": r"\Lambda", "sig": r"\sigma", "l": r"\ell", "ell": r"\ell",
            "eps": r"\varepsilon", "xbar": r"\bar{x}"}
_UNICODE = {**_LETTERS, "lam": "λ", "Lam": "Λ", "sig": "σ", "l": "ℓ", "ell": "ℓ", "eps": "ε", "xbar": "x̄"}
GREEK = frozenset(_UNICODE) - {"l"}  # names that are written with a letter of their own
_STAR, _BAR = "star", "bar"


def split(name: str) -> tuple[str, tuple[str, ...], bool]:
    """Base, subscripts, and whether the name carries a star.

    >>> split("w_C"), split("p1"), split("sigma_A_star")
    (('w', ('C',), False), ('p', ('1',), False), ('sigma', ('A',), True))
    """
    base, *subscripts = [part for part in name.split("_") if part] or [name]
    digits = re.fullmatch(r"([A-Za-z]+)(\d+)", base)
    if digits:
        base, subscripts = digits[1], [digits[2], *subscripts]
    starred = _STAR in subscripts
    return base, tuple(part for part in subscripts if part != _STAR), starred


def latex_name(name: str) -> str:
    """The name in LaTeX mathematics; a part ``bar`` is a bar over the base, as cut-points carry it.

    >>> latex_name("sigma_A"), latex_name("kw_dG"), latex_name("x_star"), latex_name("c_bar_1")
    ('\\\\sigma_{A}', '\\\\mathrm{kw}_{\\\\mathrm{dG}}', 'x^{*}', '\\\\bar{c}_{1}')
    """
    base, subscripts, starred = split(name)
    shown = [part for part in subscripts if part != _BAR]
    below = "_{" + ",".join(map(_latex_letters, shown)) + "}" if shown else ""
    above = _latex_letters(base) if len(shown) == len(subscripts) else rf"\bar{{{_latex_letters(base)}}}"
    return above + below + ("^{*}" if starred else "")


def html_name(name: str) -> str:
    """The name as HTML text.

    >>> html_name("sigma_A"), html_name("kw_dG")
    ('<i>σ</i><sub>A</sub>', 'kw<sub>dG</sub>')
    """
    base, subscripts, starred = split(name)
    shown = [part for part in subscripts if part != _BAR]
    below = "<sub>" + ",".join(escape(_UNICODE.get(part, part)) for part in shown) + "</sub>" if shown else ""
    over = "" if len(shown) == len(subscripts) else "\u0304"  # combining macron
    shape = escape(_UNICODE.get(base, base)) + over
    return (shape if is_word(base) else f"<i>{shape}</i>") + below + ("<sup>*</sup>" if starred else "")


def is_word(base: str) -> bool:
    """Whether the base of a name is set as a word: several letters that have no letter of their own.

    >>> is_word("loss"), is_word("w"), is_word("delta")
    (True, False, False)
    """
    return len(base) > 1 and base not in _UNICODE


def _latex_letters(word: str) -> str:
    if word in _SPECIAL:
        return _SPECIAL[word]
    if not re.fullmatch(r"[A-Za-z0-9]+", word):
        return r"\text{" + latex_words(word) + "}"
    return word if len(word) == 1 or word.isdigit() else r"\mathrm{" + word + "}"


_ESCAPES = {
    "&": r"\&", "%": r"\%", "#": r"\#", "$": r"\$", "_": r"\_", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    "≤": r"$\le$", "≥": r"$\ge$", "≠": r"$\ne$", "→": r"$\to$", "–": "--", "—": "---", "’": "'", "‘": "`", "“": "``", "”": "''", "×": r"$\times$",
    "·": r"$\cdot$", "−": r"$-$", "…": r"\ldots{}",
    **{letter: f"$\\{name}$" for name, letter in _LETTERS.items()},
}
_ESCAPES.update({"Υ": "Y", "\u00a0": "~", '"': "''"})


def latex_words(text: str) -> str:
    """Text with every character that LaTeX would take for a command escaped.

    >>> latex_words("50% of R&D_x")
    '50\\\\% of R\\\\&D\\\\_x'
    """
    return "".join(_ESCAPES.get(character, character) for character in text)
