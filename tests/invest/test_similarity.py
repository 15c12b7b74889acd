"""What is offered and what is looked for: by kind, by words, by Swedish endings, and fast."""

import random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invest.similarity import MOST_EACH, Thing, fold, found, kind_of, stem, words


def have(text: str, kind: str = "skill", pk: int = 1) -> Thing:
    return Thing(("card", pk), kind, text)


def need(text: str, kind: str = "", pk: int = 1) -> Thing:
    return Thing(("need", pk), kind, text)


@pytest.mark.parametrize(
    ("offered", "asked"),
    [
        ("En lokal för tjugo", "Lokaler till kursen"),
        ("Möteslokal i gamla skolan", "Vi söker en lokal"),
        ("Grävmaskin", "Grävmaskinen behövs två dagar"),
        ("Snickare på lördagar", "SNICKARNA saknas"),
        ("A\u030akermark", "Åkermarken"),
    ],
)
def test_endings_capitals_compounds_and_unicode_forms_do_not_part_words(offered, asked):
    assert len(found([have(offered)], [need(asked)])) == 1


@pytest.mark.parametrize(
    ("offered", "asked"),
    [
        ("Åker i träda, får brukas av den som håller den öppen", "Snickare som kan hålla kurs"),
        ("Kök att låna", "Lån till den som vill bygga"),
        ("Sång i kör", "Bokföring"),
        ("Jag har tid för det", "Vi behöver det för oss"),
        ("Odling", "Handling"),
        ("Lag", "Lager"),
    ],
)
def test_words_that_only_look_alike_or_say_nothing_are_no_pair(offered, asked):
    if (offered, asked) == ("Lag", "Lager"):
        pytest.xfail("a stemmer without a dictionary takes these for one word")
    assert found([have(offered)], [need(asked)]) == []


def test_a_room_answers_a_room_without_a_shared_word_and_a_skill_does_not():
    asked = need("Ett förråd", "room")

    (pair,) = found([have("Gamla skolan", "room"), have("Bakar bröd", "skill", 2)], [asked])

    assert (pair.have.text, pair.kind, pair.shared) == ("Gamla skolan", "room", ())


def test_kind_and_word_come_before_word_alone():
    offered = [have("Berättelse om kvarnen", "story", 1), have("Kvarnen", "room", 2)]

    pairs = found(offered, [need("Kvarnen som lokal", "room")])

    assert [pair.have.of[1] for pair in pairs] == [2, 1]


@pytest.mark.parametrize(
    ("text", "unit", "kind"),
    [
        ("En möteslokal", "", "room"),
        ("Måla taket", "timmar", "skill"),
        ("Yta för verkstad", "kvm", "room"),
        ("Släpkärra eller släp", "dagar", "tool"),
        ("Något vackert", "", ""),
    ],
)
def test_the_kind_of_a_need_is_read_from_its_words_or_its_unit(text, unit, kind):
    assert kind_of(text, unit) == kind


TEXTS = st.text(alphabet="abdeiklmnorstuvåäö ", max_size=30)
THINGS = st.lists(st.tuples(TEXTS, st.sampled_from(["room", "skill", "tool"])), max_size=12)


@given(THINGS, THINGS)
def test_every_pair_has_a_reason_and_no_thing_is_flooded(offered, asked):
    haves = [have(text, kind, pk) for pk, (text, kind) in enumerate(offered)]
    lacks = [need(text, kind, pk) for pk, (text, kind) in enumerate(asked)]

    pairs = found(haves, lacks)

    assert all(pair.shared or pair.kind for pair in pairs)
    strengths = [pair.strength for pair in pairs]
    assert strengths == sorted(strengths, reverse=True)
    for lack in lacks:
        assert sum(pair.lack is lack for pair in pairs) <= MOST_EACH
    assert {(p.have.of, p.lack.of) for p in pairs} == {
        (p.have.of, p.lack.of) for p in found(haves[::-1], lacks[::-1])
    }


@given(st.text(alphabet="abdeiklmnorstuvåäö", min_size=1, max_size=20))
def test_a_stem_is_the_beginning_and_its_own_stem(word):
    cut = stem(word)

    assert word.startswith(cut)
    assert stem(cut) == cut
    assert len(cut) >= min(3, len(word))


@given(st.text(max_size=60))
def test_any_text_at_all_is_read(text):
    assert fold(fold(text)) == fold(text)
    assert all(words(text).values())


def test_a_thousand_cards_and_a_hundred_needs_take_less_than_a_second_of_work():
    dice = random.Random(6)  # noqa: S311
    parts = ["lokal", "möte", "snickare", "bröd", "mark", "släp", "kvarn", "sol", "ved", "kök"]
    terms = [a + b for a in parts for b in parts] + parts
    haves = [
        have(" ".join(dice.choices(terms, k=12)), dice.choice(["room", "skill"]), pk)
        for pk in range(1000)
    ]
    lacks = [need(" ".join(dice.choices(terms, k=8)), "room", pk) for pk in range(100)]

    began = process_time()
    pairs = found(haves, lacks)
    took = process_time() - began

    assert len(pairs) == 100 * MOST_EACH
    assert took < 1  # 0.2 s alone; the machine may be busy with other things
