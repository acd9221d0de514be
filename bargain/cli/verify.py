"""``bargain verify``: a certificate checked again from its file alone."""

from argparse import Namespace


def run_verify(options: Namespace) -> int:
    """Check, print what was established, and report by the exit status: 0 verified, 1 refuted or not decided."""
    from bargain.verify import verify

    report = verify(options.file)
    state = "verified" if report.verified else "NOT VERIFIED"
    print(f"{state}: {report.concept}; {report.proved} claims proved, {len(report.refuted)} refuted, {len(report.undecided)} not decided")
    if report.stands_for:
        print(f"  written for: {report.stands_for} (this step is not checked)")
    for kind, claims in (("refuted", report.refuted), ("not decided", report.undecided)):
        for claim in dict.fromkeys(claims):
            print(f"  {kind}: {claim}")
    if report.concept == "sequential equilibrium":
        print("  note: beliefs at sets that play never reaches are not tested for consistency")
    return 0 if report.verified else 1
