"""Cottica's community of 2017: a published model replicated with our queue, draws, records and sweeps.

The community begins with a manager and two founders, and one newcomer joins per tick until there are 700 members. In
each tick every active member posts with probability chattiness (+ 0.2), and the author of a post comments to each other
member j with probability (1 + β W_ij W_ji) / Σ_j (1 + β W_ij W_ji). The strength W_ij grows by 1 per comment and fades
by 1 % per tick; a member whose strength is below 4 after 50 ticks leaves. There are two modes: as published, where a
test that is always true gives the + 0.2 to everyone, and as intended, where it requires a comment in the last tick.

The published text is ambiguous in places. They were settled by the published program (A. Cottica, NetLogo, version 4;
no code of it is copied, and its tables of results were not read) and by the 12 published cells. The list has our
interpretation of each and the fit of the alternatives, as z of four cells with 24 runs each; with ours, z is at most
1.3 in all 12 cells.

- *Order of a tick*: the newcomer joins; all members take turns in random order, and each sees the earlier ones;
  strengths fade; the weak leave; the manager comments. If strengths fade after the weak leave: total strength
  z = 2.5 to 8.5.
- *Whom the manager engages*: the program stores only the latest tick in which a member commented, and the manager's
  turn is after the members'. So the manager reaches those who commented in the last tick **and not in this one**. If it
  reaches everyone who commented in the last tick: effort z = 17 to 37, far off in every cell.
- *The last tick* (that of the 700th member) ends before the manager's turn. With that turn: effort z = 2.2 to 4.4. With
  a further tick for the 701st member: the same, and comments z = 2.1 to 3.2.
- *The newcomer* has a turn immediately. If only from the next tick: comments z = −1.0 to −2.1, effort −2.3 to −3.5.
- *The sum of weights* runs over all who ever joined, including the author (weight 1) and dropouts; this explains
  N(N − 1)/2 − 1 in the formula. Without the author: comments z = 1.8 to 3.1.
- *Leaving* is tested in every tick from the 51st after the join; a founder joins in tick 0. If it is tested only once,
  or from the 50th tick: an equally good fit, which the cells cannot distinguish. Dropouts never post again, but still
  receive comments; without these, comments z = −2.3 in the cell with most dropouts.
- *A newcomer is welcomed* at the end of the next tick, so the last two never are. A welcome counts as a comment for the
  bonus.
- *Founders' ties* begin with strength 0, as in the program. With 1: no visible difference.
- *Ties in the manager's ranking* are broken at random.
- *Randomised chattiness* is drawn once for each member. In the program of June 2017, with which the table was made, it
  is 1.5 times the chattiness or half of it, by the toss of a coin (``halves``; ``true`` in the table). In the later
  program it is normal around the chattiness on the logit scale, with standard deviation 1 (``logit-normal``). No cell
  here uses either.
- *Gini coefficients* include dropouts, with strength 0.

For the intended mode, the text says that one cell falls from 73,694 to 29,024 comments, but not which. With chattiness
0.1, priority to newer members and β = 11, 24 runs give 73,504 ± 81 and 29,118 ± 113; with β = 1 and 5 the latter is
29,813 and 29,600 (± 120).
"""
