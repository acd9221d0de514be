"""cvc5's Python module in the place of its program: SMT-LIB text from standard input, the answer on standard output.

``pip install cvc5`` brings the module without the program. `bargain.verify` runs this file in a process of its own, so that a library that
aborts or does not stop cannot take the check with it. It passes text on and decides nothing.
"""

import sys


def main(milliseconds: str) -> None:
    """Run every command of the text; print what each says."""
    import cvc5

    solver = cvc5.Solver()
    solver.setOption("tlimit-per", milliseconds)
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, sys.stdin.read(), "standard input")
    while not (command := parser.nextCommand()).isNull():
        print(command.invoke(solver, parser.getSymbolManager()), end="")


if __name__ == "__main__":
    main(sys.argv[1])
