"""What operators say, and where it is: a row for each statement S1 to S42 of the field notes.

A row has the key of a scenario file that says it, the mechanism, the file and the test that guard it, and a shipped
scenario that uses the key.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from shequn.app.model_tables import markdown_table
from shequn.sim.language import N_, _

_HEAD = (
    N_(
        "The field notes, from which the project started, number what operators say from S1 to S42. Here is where each "
        "stands in a scenario file, what it does there, which file does it and which test guards it, and a shipped "
        "scenario that uses the key. The page is made from declarations in the code; a test compares them with the "
        "schema, the files and the scenarios."
    ),
    N_(
        "In a key `*` stands for any name, and `=` for a value. Without a key the statement is one about results. What "
        "is missing is said under “not yet”."
    ),
)


class Row(NamedTuple):
    """One statement of the field notes."""

    number: int
    says: str
    key: str
    mechanism: str
    file: str
    test: str
    scenario: str = ""
    not_yet: str = ""


ROWS = (
    Row(
        1, "Roles: operator, opinion leaders, members others follow, readers", "population.leaders",
        "founders of high quality who write and come more; `koc` and `readers` likewise",
        "sim/scenario/population.py",
        "tests/sim/test_roles.py::test_leaders_and_koc_are_founders_with_traits_of_their_role",
        "cold-start",
    ),
    Row(
        2, "Six needs that make people join", "population.groups=six-needs",
        "kinds of people with traits of their own; `six-needs` stands for six by what they join for",
        "sim/scenario/ready_made.py", "tests/sim/test_groups.py::test_six_needs_are_written_out",
        "unattended",
    ),
    Row(
        3, "The need fades in about three months; the lapsed can be recalled",
        "rules.visiting.need_half_life", "the need halves, and with it the rate of visits",
        "agents/visiting.py", "tests/agents/test_visiting.py::test_need_halves_after_each_half_life",
        "forum",
    ),
    Row(
        4, "Ties have several dimensions", "population.graph.place_share",
        "ties by place, by interest and at random, stronger the closer", "sim/graphs/social.py",
        "tests/sim/graphs/test_social.py::test_ties_arise_in_the_shares_asked_for_and_say_so_in_their_dimensions",
        "nearby-strangers", "a tie of two dimensions at once; trade and mentors as kinds of ties",
    ),
    Row(
        5, "Dunbar's layers", "population.graph.layers",
        "the closest 5, next 10, next 35 ties are stronger", "sim/graphs/social.py",
        "tests/sim/graphs/test_social.py::test_nobody_has_more_ties_in_a_layer_than_dunbar_allows",
        "nearby-strangers",
    ),
    Row(
        6, "Trust, label, word of mouth, herd, habit", "offers.*.from",
        "who has a tie with the seller believes more, and so does who sees others buy", "agents/buying.py",
        "tests/sim/incentives/laws/test_offers.py::test_a_tie_with_the_seller_who_is_there_makes_more_of_the_gain_believed",
        "premium", "the label effect",
    ),
    Row(
        7, "A group has a capacity", "spaces.*.seats", "a full room lets nobody in", "sim/kernel/rooms.py",
        "tests/sim/kernel/laws/test_spaces.py::test_a_full_room_leads_on_to_the_next_of_its_space_and_round_again",
        "camps",
    ),
    Row(
        8, "Groups in groups, with volunteers", "spaces.*.copies",
        "spaces in a tree; volunteers look after its rooms", "sim/scenario/spaces.py",
        "tests/sim/kernel/laws/test_spaces.py::test_rooms_lie_in_each_other_as_spaces_do", "camps",
        "a volunteer of one office for several classes",
    ),
    Row(
        9, "Tiers with gates of their own; promotion, removal", "operations.*.do=move",
        "members are sent to the door of another space", "sim/operations/move.py",
        "tests/theory/test_tiers.py::test_promotion_at_constant_hazards_is_a_linear_chain", "premium",
    ),
    Row(
        10, "A full group divides, with a core", "spaces.*.splits",
        "a full room is divided, and its most recognised are shared out", "sim/kernel/rooms.py",
        "tests/sim/test_spaces.py::test_rooms_that_divide_without_leaving_follow_integer_arithmetic",
        "fission",
    ),
    Row(
        11, "A star around one source, or many-to-many ties", "duties.*.do=post",
        "paid staff post and answer; ties among members grow by answers", "sim/kernel/duties/post.py",
        "tests/sim/staff/test_duties.py::test_a_post_of_the_staff_stands_in_each_room_of_the_desk",
        "fan-club",
    ),
    Row(
        12, "Gates", "gates.*.kind", "fee, invitation, identity, purchase, task, rules, quota, capacity",
        "sim/kernel/gates/kinds.py",
        "tests/sim/kernel/gates/test_rules.py::test_a_task_gate_sees_quality_with_noise_that_is_drawn_anew_each_time",
        "gated-group",
    ),
    Row(
        13, "Admit in rhythm", "gates.*.kind=quota", "n admissions a day, with a waiting list",
        "sim/kernel/gates/quota.py",
        "tests/theory/test_waiting.py::test_mean_wait_at_a_quota_gate_is_that_of_m_d_1", "gated-group",
    ),
    Row(
        14, "A welcome; old members take new ones along", "duties.*.do=welcome",
        "staff or volunteers welcome who joins: recognition and a tie", "sim/kernel/duties/welcome.py",
        "tests/sim/staff/test_duties.py::test_who_joins_is_welcomed_and_founders_are_not", "fan-club",
        "one ceremony for a batch that is full",
    ),
    Row(
        15, "Channels", "operations.*.cost",
        "each operation that brings people is a channel with its own cost, quality, topics and drivers",
        "sim/results/channels.py",
        "tests/sim/results/test_channels.py::test_each_channel_has_its_people_its_quality_and_its_cost_per_head",
        "launch", "cost and quality of strangers by the channel (search, media) through which they find it",
    ),
    Row(
        16, "Fission: both sides gain", "operations.*.pay_inviter",
        "who invites and who joins is paid while a campaign lasts", "sim/operations/campaign.py",
        "tests/sim/kernel/laws/test_invitations.py::test_the_rate_follows_rewards_as_far_as_the_member_cares_for_benefit",
        "invitation-chain", "bargaining",
    ),
    Row(
        17, "Stages", "stages", "one after the other, by a measure or a day; `during` belongs to some",
        "sim/kernel/stages.py",
        "tests/sim/test_stages.py::test_what_belongs_to_a_stage_happens_in_it_alone", "launch",
    ),
    Row(
        18, "50 million users, 200,000 new a day", "population.people",
        "268 million at most; who has never come to the door takes 64 bytes, and 8 a tie", "sim/kernel/people.py",
        "tests/sim/test_memory.py::test_who_is_outside_takes_64_bytes_eight_a_tie_and_thresholds",
        "launch",
    ),
    Row(
        19, "Lower the effort to post", "operations.*.do=set",
        "`set` changes `rules.posting.effort`: the chance of writing is divided by it, nobody's quality changes",
        "agents/posting.py", "tests/sim/operations/test_set.py::test_for_good_it_is_the_branch_on_that_day", "launch",
    ),
    Row(
        20, "Distribution: by interest, hot list, followed", "spaces.*.order",
        "what members read first: newest, hot, on their topic, by those they follow, by the staff; `pinned` before all",
        "sim/kernel/reading.py", "tests/sim/kernel/laws/test_reading.py::test_the_order_of_reading",
        "launch", "albums",
    ),
    Row(
        21, "Featured posts", "duties.*.do=feature", "good posts are laid where more people read them",
        "sim/kernel/duties/feature.py",
        "tests/sim/staff/test_duties.py::test_the_best_new_posts_of_members_are_laid_into_the_room_around",
        "camps",
    ),
    Row(
        22, "A daily rhythm", "community.rhythm", "visits by hour of the day or of the week",
        "sim/kernel/rhythm.py",
        "tests/theory/test_content_at_an_hour.py::test_a_post_is_read_in_time_by_the_share_that_the_rhythm_gives",
        "city-hobby",
    ),
    Row(
        23, "Moderation", "duties.*.do=moderate",
        "what is reported, or every post, is judged within minutes", "sim/kernel/moderation.py",
        "tests/sim/staff/test_moderation.py::test_what_is_reported_is_taken_down_and_nobody_reads_it_any_more",
        "unattended",
    ),
    Row(
        24, "Points", "earn.*.streak", "acts pay units, with limits, streaks, quotas, expiry and budget",
        "sim/kernel/rewards.py",
        "tests/sim/incentives/laws/test_accounts.py::test_a_streak_pays_on_the_nth_day_in_a_row_and_every_n_days_of_it",
        "launch",
    ),
    Row(
        25, "Levels and titles", "marks.*.steps",
        "levels by what was earned count as recognition that does not fade", "sim/kernel/marks.py",
        "tests/sim/incentives/laws/test_marks.py::test_marks_count_for_their_holder_and_against_the_others_of_the_pond",
        "livestream",
    ),
    Row(
        26, "Leaderboards", "operations.*.do=award", "the best members or rooms are paid and get a title",
        "sim/operations/award.py",
        "tests/sim/incentives/laws/test_marks.py::test_the_best_of_each_room_get_units_and_the_title_that_others_lose",
        "coins",
    ),
    Row(
        27, "Tips from a purse of the leaders", "staff.*.purse", "earn rules pay from the purse of a job",
        "sim/kernel/rewards.py",
        "tests/sim/incentives/laws/test_accounts.py::test_the_purse_of_the_staff_who_are_there_pays_and_is_cut_at_nothing",
        "coins", "tips for helping or organising; a purse of a group",
    ),
    Row(
        28, "Red packets, gifts", "units.*.budget", "money or units for a join, an invitation, a visit",
        "sim/kernel/accounts.py",
        "tests/sim/incentives/laws/test_accounts.py::test_the_budget_of_a_unit_cuts_and_is_never_exceeded",
        "flash-sale",
    ),
    Row(
        29, "Likes and follows handed out by operators", "duties.*.do=answer",
        "staff answer first posts, so early posters are answered", "sim/kernel/duties/answer.py",
        "tests/sim/staff/test_duties.py::test_which_posts_are_answered", "launch",
        "likes and follows without an answer",
    ),
    Row(
        30, "Offers with limits of time and number", "offers.*.stock",
        "a stock at each opening, open for some time, a limit for each buyer", "sim/kernel/offers.py",
        "tests/sim/incentives/laws/test_offers.py::test_the_stock_is_of_each_opening", "selling-group",
    ),
    Row(
        31, "Private, selling and empowering communities", "offers.*.takes",
        "offers take money or units; a community without them sells nothing", "sim/scenario/incentives.py",
        "tests/sim/incentives/laws/test_offers.py::test_who_takes_an_offer_follows_from_gains_price_and_own_purse",
        "selling-group",
    ),
    Row(
        32, "Five W and one H", "why", "the head of a file says why, what, where and who",
        "sim/scenario/model.py",
        "tests/sim/scenario/test_shipped.py::test_every_shipped_scenario_loads_without_a_note_and_is_explained",
        "camps", "a key for how it earns",
    ),
    Row(
        33, "Usefulness, virality, retention", "", "K, retention and reasons to leave, in the results",
        "sim/results/key_figures.py",
        "tests/sim/results/test_growth.py::test_k_counts_finished_cohorts_only",
    ),
    Row(
        34, "Acquire, convert, retain, activate", "", "the funnel from finding to buying again",
        "sim/results/funnel.py",
        "tests/sim/test_effects.py::test_the_funnel_narrows_and_agrees_with_the_journal",
    ),
    Row(
        35, "Spam comes from within", "rules.advertising.rate",
        "who gains nothing and finds nothing to read may advertise", "agents/advertising.py",
        "tests/sim/staff/test_moderation.py::test_where_nobody_cares_for_benefit_nobody_advertises_and_nothing_changes_to_the_byte",
        "unattended",
    ),
    Row(
        36, "Daring to speak", "rules.daring.alone", "to see people like oneself answered makes one write",
        "agents/daring.py",
        "tests/sim/test_effects.py::test_first_posts_become_fewer_and_nothing_changes_where_everybody_dares",
        "launch",
    ),
    Row(
        37, "Attention is contested", "operations.*.do=push",
        "a message brings some sooner and costs attention; the more of them, the fewer follow",
        "agents/attention.py",
        "tests/sim/kernel/laws/test_contacts.py::test_each_message_of_a_week_dulls_the_next", "launch",
    ),
    Row(
        38, "Visible privileges", "marks.*.allows",
        "a level opens acts; marks count against those who see and lack them", "sim/kernel/marks.py",
        "tests/sim/incentives/laws/test_marks.py::test_a_task_and_an_offer_are_for_those_with_the_mark",
        "launch", "working for a level because of what it opens",
    ),
    Row(
        39, "Terms, graduates, following a head", "operations.*.do=enrol",
        "a term closes; graduates come again, are volunteers or heads of rooms, and follow a head who is there",
        "sim/operations/enrol.py",
        "tests/sim/operations/test_terms.py::test_a_head_who_is_still_there_brings_back_those_who_are_tied_to_them",
        "terms", "camps that graduates open whenever they like: they lead rooms that the scenario provides",
    ),
    Row(
        40, "Immediacy: the delay of a reward", "earn.*.delay",
        "the later a reward comes, the less it is worth beforehand", "agents/earning.py",
        "tests/sim/incentives/laws/test_worth.py::test_patience_is_the_delay_that_halves_it", "points",
    ),
    Row(
        41, "Trust carries to buying; buying in a crowd", "rules.buying.crowd",
        "others who have bought at this opening are believed as a tie is", "agents/buying.py",
        "tests/sim/incentives/laws/test_offers.py::test_those_who_have_taken_it_make_more_of_the_gain_believed",
        "selling-group",
    ),
    Row(
        42, "A rival signs the best", "operations.*.do=rival",
        "money from outside raises what members must be satisfied with to stay", "sim/operations/rival.py",
        "tests/sim/test_effects.py::test_the_best_leave_for_a_rival_where_benefit_counts_and_nobody_else",
        "launch",
    ),
)  # fmt: skip


def places(values: Any, key: str) -> Iterator[Any]:
    """What stands at a key in a mapping; * is any name, and a value after = must be there."""
    path, _, value = key.partition("=")
    found = [values]
    for name in path.split("."):
        inner = [one for one in found if isinstance(one, dict)]
        found = [part for one in inner for at, part in one.items() if name in ("*", at)]
    yield from (one for one in found if not value or one == value)


def uses(scenario: dict[str, Any], key: str) -> bool:
    """Whether a scenario file, or one of its variants, sets a key to something."""
    arms = [scenario, *(scenario.get("variants") or {}).values()]
    return any(place is not None for arm in arms for place in places(arm, key))


def page() -> str:
    """The whole page, in the current language."""
    headings = [
        "",
        _("what operators say"),
        _("key"),
        _("mechanism"),
        _("file"),
        _("test"),
        _("scenario"),
        _("not yet"),
    ]
    title = _("What operators say, and where it is")
    return "\n\n".join([f"# {title}", *map(_, _HEAD), markdown_table(headings, map(_cells, ROWS))])


def texts() -> Iterator[str]:
    """All texts of the rows in English, for the catalogues."""
    for row in ROWS:
        yield from (text for text in (row.says, row.mechanism, row.not_yet) if text)


def _cells(row: Row) -> list[str]:
    texts = [
        _code(row.key),
        _(row.mechanism),
        _code(row.file),
        _code(row.test),
        _code(row.scenario),
        _(row.not_yet),
    ]
    return [f"S{row.number}", _(row.says), *texts]


def _code(text: str) -> str:
    return f"`{text}`" if text else ""
