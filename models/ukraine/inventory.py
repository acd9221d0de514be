"""What the op-ed contains, item by item, and where each item lives in the models.

A: actors. O: options, threats and promises. Q: quantities. K: causal claims. Letters and numbers are those of the study's tables.
"""

from bargain.inventory import Inventory, Item, Place


def _item(code: str, text: str, *places: str, note: str = "") -> Item:
    return Item(code, text, tuple(place for line in places for place in Place.of(f"ukraine/{line}")), note)


ACTORS = (
    _item("A1", "Trump and the United States", "surge_threat: player US", "abandonment: player US", "burden: player US", "grand_bargain: player US",
          note="part of W in the leverage model"),
    _item("A2", "Putin and Russia", "territory: player R", "guarantees: player R", "commitment: player R", "surge_threat: player R", "leverage: player R",
          "enforcement: player R", "grand_bargain: player RU", "abandonment: player N"),
    _item("A3", "Zelensky and Ukraine", "territory: player U", "guarantees: player U", "commitment: player U", "enforcement: player U", "grand_bargain: player UA"),
    _item("A4", "the European allies", "burden: player EU", "grand_bargain: player EU", "enforcement: parameter m_pk, L_E", "guarantees: parameter b_s"),
    _item("A5", "NATO as an institution; M. Rutte", "guarantees: player US", "guarantees: parameter z_A", "leverage: claim L1",
          note="approves a guarantee together with the US; the advice to strengthen Kyiv first is a claim"),
    _item("A6", "K. Kellogg, envoy", "leverage: claim L1", note="no player: his advice is a claim"),
    _item("A7", "Biden", "abandonment: parameter L_Afg", "surge_threat: parameter mu_B", note="a benchmark and a belief, no player"),
    _item("A8", "Congress", "surge_threat: parameter lam_H, lam_L", "abandonment: parameter mu_A", note="the aid block as evidence, no player"),
    _item("A9", "the US electorate", "abandonment: parameter a_pc", "surge_threat: parameter lam_H", note="no player"),
    _item("A10", "Xi and China", "abandonment: player X", "territory: parameter cn", "leverage: parameter phi",
          note="an observer over Taiwan; support of Russia is a parameter"),
    _item("A11", "North Korea", "territory: parameter nk", "leverage: parameter phi", note="no player"),
    _item("A12", "other former Soviet neighbours", "abandonment: player N", "abandonment: parameter H_N", note="the theatre in which Russia observes the US"),
    _item("A13", "world opinion", "abandonment: parameter r_y", "surge_threat: parameter alpha", note="no player"),
    _item("A14", "the authors", note="no player: former US and NATO officials, so the text is one side's brief"),
)

OPTIONS = (
    _item("O1", "cut US aid at once", "abandonment: move sell out", "grand_bargain: move SellOut", "commitment: parameter Delta_a"),
    _item("O2", "force Ukraine to cede territory", "territory: parameter m_c", "grand_bargain: move Capitulate", "grand_bargain: parameter Y_U"),
    _item("O3", "force neutrality", "guarantees: move N", "commitment: parameter sig", "grand_bargain: move N"),
    _item("O4", "an offer that cannot be refused", "surge_threat: claim S2"),
    _item("O5", "work out a formula with Ukraine and the allies", "burden: move compact", "grand_bargain: move Compact"),
    _item("O6", "build leverage before talks", "leverage: move build first", "grand_bargain: move LeverageFirst"),
    _item("O7", "talk first", "leverage: move talk first", "grand_bargain: move TalksFirst"),
    _item("O8", "fight on, either side", "guarantees: move F", "grand_bargain: move FightOn, War, Refuse", "territory: quantity W_U, W_R"),
    _item("O9", "accept de facto occupation, at least for a time", "territory: problem menu", "territory: claim T5"),
    _item("O10", "keep the right to regain the land by diplomacy", "territory: parameter lam_U", "territory: quantity x_dejure"),
    _item("O11", "barter Kursk", "territory: claim T3", "grand_bargain: move Swap, Hold"),
    _item("O12", "land for assured security", "commitment: quantity mrs", "commitment: claim C6", "grand_bargain_linked: model grand_bargain_linked"),
    _item("O13", "the West German model", "guarantees: move W", "guarantees: claim G7", "grand_bargain: move W"),
    _item("O14", "immediate NATO membership with Article 5", "guarantees: move A", "grand_bargain: move A"),
    _item("O15", "clear bilateral commitments", "guarantees: move B", "grand_bargain: move B"),
    _item("O16", "European forces on Ukrainian soil", "guarantees: move P", "enforcement: problem with peacekeepers", "grand_bargain: move P"),
    _item("O17", "accession talks later", "enforcement: parameter acc"),
    _item("O18", "threat of a NATO-wide surge of aid", "surge_threat: move threat, surge", "grand_bargain: move Surge"),
    _item("O19", "lift the caveats on long-range strikes", "surge_threat: parameter D_strike, K_esc"),
    _item("O20", "surge sanctions", "surge_threat: parameter D_sanc"),
    _item("O21", "Putin cuts his losses and declares victory", "surge_threat: move acquiesce", "surge_threat: parameter f", "grand_bargain: move CutLosses"),
    _item("O22", "Putin insists on capitulation", "territory: parameter o_R", "surge_threat: parameter D_lo"),
    _item("O23", "a transatlantic compact", "burden: move compact", "grand_bargain: move Compact"),
    _item("O24", "a pledge of 3% of GDP", "burden: parameter gdp1"),
    _item("O25", "a larger European share in supplying Ukraine", "burden: parameter b5_1", "grand_bargain: move StepUp"),
    _item("O26", "Putin attacks other neighbours", "abandonment: move attack", "abandonment: quantity att_sell_N"),
    _item("O27", "Xi settles Taiwan by force", "abandonment: quantity att_sell_X"),
    _item("O28", "renewed aggression after a deal", "guarantees: move V", "enforcement: quantity att_0", "grand_bargain: move Violate"),
    _item("O29", "North Korean troops, a war economy, Chinese support", "territory: parameter nk, cn", "leverage: parameter phi"),
)

QUANTITIES = (
    _item("Q1", "1,500 casualties a day", "territory: parameter N_cas"),
    _item("Q2", "aid blocked for over six months", "surge_threat: parameter lam_H, lam_L"),
    _item("Q3", "a surge of six months to a year", "surge_threat: parameter T", "surge_threat: claim S3, S3b"),
    _item("Q4", "2% to at least 3% of GDP", "burden: parameter gdp0, gdp1", "burden: claim B5"),
    _item("Q5", "more than 50% of collective defence, all non-Article 5 missions", "burden: parameter b5_1, bn_1", "burden: claim B2"),
    _item("Q6", "the next four years", "abandonment: quantity r"),
    _item("Q7", "a decade of war", "enforcement: parameter eps0", note="as noise in a ceasefire, never as a sunk cost in a payoff"),
    _item("Q8", "the 1994 Budapest Memorandum", "guarantees: move M", "guarantees: parameter alpha_M"),
    _item("Q9", "peacekeepers for several years", "enforcement: parameter acc", "enforcement: quantity years"),
    _item("Q10", "a front largely static, yet moving steadily westward", "territory: parameter g", "territory: claim T2",
          note="a tension in the text, resolved by a threshold"),
    _item("Q11", "most of the pre-invasion territory", "territory: parameter w_pre", "territory: claim T4b, T7"),
    _item("Q12", "an end in the early days, if not sooner", "territory: parameter r_U", "leverage: parameter r_W"),
    _item("Q13", "Kursk seized in August 2024", "territory: parameter h", note="a chip that can be lost again"),
    _item("Q14", "an equal share", "burden: quantity b_star", "burden: claim B2, B2b"),
)

CLAIMS = (
    _item("K1", "how the war ends sets the tone of foreign policy", "abandonment: parameter rho_N, rho_X"),
    _item("K2", "cession with neutrality risks complete defeat in the long run", "commitment: claim C2, C2b"),
    _item("K3", "a sell-out would fit the earlier aid block", "surge_threat: quantity mu", "abandonment: claim A4"),
    _item("K4", "the aid block was electoral", "surge_threat: parameter lam_H"),
    _item("K5", "abandonment is much worse than Afghanistan", "abandonment: claim A3"),
    _item("K6", "it upends the international order", "abandonment: parameter H_ord", note="zero at the baseline, so that nothing is assumed in its favour"),
    _item("K7", "it emboldens Putin against neighbours", "abandonment: claim A1"),
    _item("K8", "it encourages Xi", "abandonment: claim A2, A2b"),
    _item("K9", "the image of a loser costs him for four years", "abandonment: claim A5", "surge_threat: parameter alpha", "surge_threat: claim S5"),
    _item("K10", "leverage should come before negotiations", "leverage: claim L1, L1b, L1c, L2, L2b, L3, L4", "grand_bargain: claim X1, X5"),
    _item("K11", "Trump always negotiates from strength", "leverage: parameter chi", "surge_threat: parameter mu0",
          note="an empirical claim: it enters as a prior and cannot be tested in a model"),
    _item("K12", "tired sides are more open to a deal", "territory: claim T1", "territory: quantity width",
          "territory_or_security: claim no surge: territorial range exists, surge: territorial range exists",
          note="the width rises one for one in both costs of war; the line moves against the side whose cost rises"),
    _item("K13", "no sign that Putin would take less than capitulation", "territory: claim T6", "surge_threat: parameter D_lo"),
    _item("K14", "the front will stay static", "territory: claim T2"),
    _item("K15", "Russian gains are costly", "territory: quantity N_star", "territory: claim T2"),
    _item("K16", "territory is easier than security guarantees", "territory_or_security: claim no surge: territory easier, surge: territory easier"),
    _item("K17", "Ukraine may accept de facto occupation if it keeps its claim", "territory: claim T5"),
    _item("K18", "Kursk is a bargaining chip", "territory: claim T3, T3b", "grand_bargain: claim X7"),
    _item("K19", "land can be traded for assured security", "commitment: claim C6", "grand_bargain_linked: model grand_bargain_linked"),
    _item("K20", "guarantees are critical", "commitment: claim C1", "guarantees: claim G8"),
    _item("K21", "guarantees are much harder to negotiate", "guarantees: claim G4, G9", "commitment: claim C5",
          "territory_or_security: claim no surge: security range exists, surge: security range exists"),
    _item("K22", "Article 5 would be ideal", "guarantees: claim G5", "enforcement: claim E4"),
    _item("K23", "it is less likely under Trump", "guarantees: claim G6"),
    _item("K24", "commitments much firmer than Budapest are needed", "guarantees: claim G2", "commitment: claim C3, C4"),
    _item("K25", "Budapest failed", "guarantees: claim G1"),
    _item("K26", "European forces deter", "guarantees: claim G3", "enforcement: claim E1, E1b", "grand_bargain: claim X6"),
    _item("K27", "peacekeepers are needed until accession", "enforcement: claim E2, E2b, E2c, E3"),
    _item("K28", "the threat of a surge gets Putin to agree", "surge_threat: claim S1, S1b", "grand_bargain: claim X1, X5"),
    _item("K29", "a similar surge proved useful in Iraq", "surge_threat: parameter LR", note="a likelihood ratio of 1 is no information"),
    _item("K30", "a surge in sanctions goes with it", "surge_threat: parameter D_sanc"),
    _item("K31", "Putin waited for the election to recalculate", "surge_threat: claim S4"),
    _item("K32", "there is some chance that he cuts his losses", "surge_threat: claim S1"),
    _item("K33", "that strengthens Kyiv in negotiations", "leverage: quantity gain", "territory: quantity c_R", "grand_bargain_linked: parameter h_L",
          note="the line moves to Kyiv as Russia's cost of war rises"),
    _item("K34", "a durable ceasefire and most of the pre-invasion territory", "territory: claim T4, T4b, T4c",
          "enforcement: claim E1, E5", "grand_bargain: claim X2"),
    _item("K35", "burden sharing makes Trump more inclined", "burden: claim B1, B4", "grand_bargain: claim X1, X4"),
    _item("K36", "it must go beyond supplying Ukraine", "burden: claim B2, B2', B2b, B2b'"),
    _item("K37", "the compact dispels the belief that allies are slackers", "burden: claim B3, B3b"),
    _item("K38", "3% of GDP", "burden: claim B5"),
    _item("K39", "it is the best way to convince Trump", "grand_bargain: parameter b_0, v_US, C_eff, k_aid",
          note="within the model only: which single change replaces the compact"),
    _item("K40", "an equal share; a just peace", "burden: quantity b_star", note="justice is not modelled: territory and each side's gain over war are reported"),
    _item("K41", "the choice is a sell-out or an offer that cannot be refused", "grand_bargain: claim X3, X4b",
          note="the tree has further ends, talks that fail among them: the war goes on"),
)

PREFACE = (
    "The source is one op-ed on ending the war in Ukraine. What is taken from it is marked so in the notation tables; every other number is a normalisation or "
    "an assumption, and none is an estimate. The text dates itself to late 2024, before the inauguration, and no later event enters. Words such as "
    "sell-out, abandonment, capitulation, peace candidate and slacker are the text's; here they name moves and types, and judge nothing.",
    "Payoffs are in units of each player's own stake and are never added or compared across players, except where one pie is divided: in the territory, "
    "commitment and leverage models, and on the bargained line of the grand tree. Values are averages of flows: a cost of 0.08 is 0.08 a year out of a pie "
    "that flows at 1 a year. In the guarantees and enforcement models and in the grand tree zero is the end of the war on the front line without any "
    "arrangement; in the surge-threat model it is no threat and the war going on.",
    "The wars of the models differ on purpose: attrition on a moving line (territory), a costly lottery (commitment), a renewed attack (guarantees, enforcement, "
    "the grand tree). They are variants of robustness, not one calibrated war.",
    "Shares of the prior measure how much of a chosen box of parameters supports a claim. They depend on the box and are no probabilities. Verdicts at the baseline "
    "illustrate mechanisms; the conditions of the regimes are the results.",
    "Left out, and said so: nuclear risk (only the escalation loss of the surge threat), domestic politics in Ukraine and Russia, refugees, law, justice, and "
    "bargaining within Europe. China, North Korea, Congress and voters are parameters, not players.",
)
HISTORY = ("How the baselines came about: choices changed after a first result was seen", ("Model", "First draft", "Result then", "Baseline now", "Result now"), (
    ("leverage", "tau = 0.75, kappa = 0.08, omega_w = 0.06", "talks first at every chi", 
     "tau = 0.25, kappa = 0.05, omega_w = 0.04", "leverage first up to chi = 0.574"),
    ("leverage", "prior of r_W up to 0.6", "leverage first in 9.3% of the box", "up to 0.25, as r_U of territory", "14.2%: the baseline lies in the minority"),
    ("grand tree", "v_US = 0.40, no cost of effort, z_P = 0.05", "no compact needed", "v_US = 0.60, C_eff = 1, eta = 0.1, z_P = 0.06", "the compact is pivotal"),
    ("surge threat", "mu0 = 0.60", "pooling, chance of a cut 0.50", "mu0 = 0.50", "semi-separating, 0.228"),
    ("guarantees, surge threat, grand tree", "costs e_j without the face-saving value f", "no bilateral deal without a surge", "e_j raised by f", "the same"),
    ("enforcement", "tau_pk = 0.10, chosen knowing that 0 fails", "monitors alone fail", "tau_pk = 0.10", "peacekeepers suffice"),
))
LINKS = ("Links between the models", ("Here", "Equals", "There"), (
    ("F_R of guarantees, surge threat, grand tree", "-c_R + g/r_R", "territory"),
    ("F_U of guarantees, grand tree", "-c_U - g/r_U", "territory"),
    ("c_U, c_R, r_U, r_R of commitment; xbar", "c_U, c_R, r_U, r_R; w", "territory"),
    ("d of the grand tree; its tolerant value", "(D_aid + D_strike + D_sanc) T; D_lo T", "surge threat"),
    ("ell of surge threat", "e_P", "guarantees"),
    ("sig_0, sig_k, sig_acc of enforcement", "sigma_B, sigma_P, sigma_W", "guarantees"),
    ("strengths of commitment", "sigma_j of every arrangement j", "guarantees"),
    ("e_acc of enforcement", "e_W - f", "guarantees"),
    ("p of guarantees, enforcement, grand tree", "p1 + Delta_p/2", "commitment"),
    ("chi of leverage", "mu", "surge threat"),
    ("m_PK of the grand tree", "m_pk/(r_E + acc)", "enforcement"),
    ("Lam, A_r of the grand tree", "Gamma mu_A, r", "abandonment"),
    ("v_US, C_eff, eta of the grand tree; b_0, b_1", "v_L, C_tot, eta; b0, b1", "burden sharing"),
    ("v of surge threat", "not linked: 0.40, net of effort, where the grand tree has 0.60, gross", "grand tree"),
    ("what a sell-out pays the US in abandonment", "not linked to o_US", "burden sharing"),
))

inventory = Inventory("What the op-ed contains, and where it lives", ACTORS + OPTIONS + QUANTITIES + CLAIMS,
                      {"A": ("actors", 14), "O": ("options", 29), "Q": ("quantities", 14), "K": ("causal claims", 41)}, PREFACE, (HISTORY, LINKS))
