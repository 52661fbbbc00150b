"""Cottica's community of 2017, a published model re-made on our queue, draws, records and sweeps.

A manager and two founders; a newcomer each tick until there are 700 members. In each tick every active
member posts with probability chattiness (+ 0.2), and a poster comments to each other member j with
probability (1 + β W_ij W_ji) / Σ_j (1 + β W_ij W_ji). W_ij grows by 1 a comment and fades by 1 % a tick; who
has less than 4 of it after 50 ticks leaves. Two modes: as published, where a test that is always true gives
the + 0.2 to everyone, and as intended, where it takes a comment in the last tick.

What the published text leaves open was settled by the published program (A. Cottica, NetLogo, version 4;
nothing of it is copied, and its tables of results were not looked at) and by the 12 cells. Beside each
reading, what another would give (z of four cells with 24 runs each; ours: at most 1.3 in all 12):

- *Order of a tick*: the newcomer joins; all take turns in random order, each seeing what those before did;
  strengths fade; the weak leave; the manager comments. Fading after the test of strength: total strength
  z = 2.5 to 8.5.
- *Whom the manager engages*: the program keeps only the latest tick in which a member commented, and the
  manager's turn comes after the members': it reaches those who commented in the last tick **and not in
  this one**. Everyone who commented in the last tick: effort z = 17 to 37, in no cell near.
- *The last tick* (the 700th member's) ends before the manager's turn. With it: effort z = 2.2 to 4.4. On to
  the 701st member: the same, and comments z = 2.1 to 3.2.
- *The newcomer* has a turn at once. Only in the next tick: comments z = −1.0 to −2.1, effort −2.3 to −3.5.
- *The sum of weights* runs over all who ever joined, the poster (weight 1) and dropouts included: hence
  N(N − 1)/2 − 1 in the formula. Without the poster: comments z = 1.8 to 3.1.
- *Leaving* is tested in every tick from the 51st after joining on, a founder's joining being tick 0. Tested
  once only, or from the 50th on: as good a fit; the cells cannot tell. Dropouts never post again, but go on
  getting comments; without these, comments z = −2.3 in the cell with most dropouts.
- *A newcomer is welcomed* at the end of the next tick, so the last two never are. What the manager says
  counts as a comment for the bonus.
- *Founders' ties* begin at strength 0, as in the program. At 1: no difference seen.
- *Equals* in the manager's order are drawn by lot. *Randomised chattiness* is standard normal around the
  chattiness on the logit scale, drawn once for each member. No cell here has it.
- *Gini coefficients* count dropouts, with strength 0.

As intended, one cell is said to fall from 73,694 to 29,024 comments, but not which. With chattiness 0.1,
engaging the newer and β = 11, 24 runs give 73,504 ± 81 and 29,118 ± 113; with β = 1 and 5 the latter is
29,813 and 29,600 (± 120).
"""
