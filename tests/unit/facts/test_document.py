"""Documents keep plain data, the line of every key, and every repeated key."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from plimsoll.facts.document import (
    MISSING,
    DocumentError,
    duplicate_problems,
    parse_json,
    parse_yaml,
    parse_yaml_document,
    spell,
)

SCALARS = st.none() | st.booleans() | st.integers() | st.text()
PLAIN = SCALARS | st.floats(allow_nan=False, allow_infinity=False)
TREES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def test_keys_and_items_know_their_lines() -> None:
    """Ask for the lines of keys, list items, and keys that are not there."""
    document = parse_yaml_document("a: 1\nb:\n  - x\n  - b: 1\n    c: 2\n", "spec.yaml")
    assert document.line("a") == 1
    assert document.line("b", 0) == 3
    assert document.where("b", 1, "c") == "spec.yaml:5"
    assert document.where("b", 1, "absent", "deeper") == "spec.yaml:4"
    assert document.line("absent") == 1


def test_an_absent_key_is_not_a_null_value() -> None:
    """Read an absent key, a null, and a false; each answers differently."""
    document = parse_yaml_document("null_value:\nfalse_value: false\n", "a.yaml")
    assert document.get("absent") is MISSING
    assert document.get("null_value") is None
    assert document.get("false_value") is False
    assert not document.part("absent").exists
    assert document.part("null_value").exists


def test_a_repeated_key_is_recorded_with_both_lines_and_the_last_wins() -> None:
    """Repeat a key in YAML and in JSON and read the record of it."""
    for parse, text in (
        (parse_yaml_document, "a:\n  k: 1\n  k: 2\n"),
        (parse_json, '{"a": {\n"k": 1,\n"k": 2}}'),
    ):
        document = parse(text, "twice")
        assert document.get("a", "k") == 2
        assert [(d.keys, d.lines) for d in document.duplicates] == [(("a", "k"), (2, 3))]
        (problem,) = duplicate_problems(document)
        assert problem.where == "twice:3"
        assert "a.k" in problem.what


def test_a_key_repeated_in_two_places_of_a_json_list_is_not_a_duplicate() -> None:
    """Use one key name in sibling objects and in a nested one."""
    document = parse_json('[{"k": 1}, {"k": {"k": 2}}]', "list.json")
    assert document.duplicates == ()


def test_anchors_and_merge_keys_are_resolved_and_explicit_keys_win() -> None:
    """Merge two mappings of which one is overridden."""
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 9\n"
    document = parse_yaml_document(text, "merge.yaml")
    assert document.get("c") == {"x": 9, "y": 1, "z": 2}
    assert document.duplicates == ()
    assert document.line("c", "z") == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", True),
        ("NO", False),
        ("012", 10),
        ("0b_", "0b_"),
        ("0x1F", 31),
        ("1_000", 1000),
        ("12:30:45", "12:30:45"),
        ("22:22", "22:22"),
        ("2020-01-01", "2020-01-01"),
        ("~", None),
        ("'on'", "on"),
        ("1.5", 1.5),
        ("!!str 1", "1"),
    ],
)
def test_scalars_read_as_the_consumers_of_these_files_read_them(text: str, value: object) -> None:
    """Read one scalar as the value of a key."""
    assert parse_yaml_document(f"k: {text}", "scalar.yaml").get("k") == value


def test_mapping_keys_are_always_text() -> None:
    """Use keys that would otherwise be a boolean, a number and a null."""
    document = parse_yaml_document("on: 1\n8080: 2\n~: 3\n", "keys.yaml")
    assert document.get("on") == 1
    assert document.get("8080") == 2
    assert document.get("~") == 3


def test_every_document_of_a_stream_is_read() -> None:
    """Parse a stream of two documents with the lines of the whole file."""
    first, second = parse_yaml("a: 1\n---\nb: 2\n", "two.yaml")
    assert (first.get("a"), second.get("b")) == (1, 2)
    assert second.where("b") == "two.yaml:3"
    assert parse_yaml("", "empty.yaml") == ()


@pytest.mark.parametrize(
    ("text", "problem"), [("", "is empty"), ("a\n---\nb\n", "second document")]
)
def test_a_file_of_one_document_must_hold_exactly_one(text: str, problem: str) -> None:
    """Parse none and two where one is needed."""
    with pytest.raises(DocumentError, match=problem):
        parse_yaml_document(text, "one.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "bad.yaml:2:1: "),
        ("a: b: c", "bad.yaml:1:5: mapping values are not allowed"),
        ("a: 1\nb: \x07", "bad.yaml:2:1: control characters"),
        ("a: \ud800", "bad.yaml:1:1: contains a character that is not text"),
        ("a: &x [*x]", "alias \\*x contains itself"),
        ("a: *x", "alias \\*x is undefined"),
        ("? [a]\n: 1", "a mapping key must be a scalar"),
        ("a: !!python/object/apply:os.system [x]", "tag .* is not accepted"),
        ("a: !custom x", "tag !custom is not accepted"),
        ("a: !!int x", "is not of the type int"),
        ("<<: 1", "a merge key takes a mapping"),
        ("[" * 150 + "]" * 150, "nested deeper than 100 levels"),
        ("a" * 5_000_000, "larger than"),
    ],
)
def test_text_that_is_not_plain_yaml_is_refused_with_its_place(text: str, message: str) -> None:
    """Parse text that is broken, dangerous or too much."""
    with pytest.raises(DocumentError, match=message):
        parse_yaml(text, "bad.yaml")


def test_an_alias_bomb_is_refused_quickly() -> None:
    """Let nine levels of aliases expand to ten thousand million values."""
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(DocumentError, match="expand to more than"):
        parse_yaml("\n".join(lines), "bomb.yaml")


@pytest.mark.parametrize(
    "text", ["", "{", "{'a': 1}", "NaN", "[1,]", "[" * 5000, "9" * 5000, '"\\ud800"', "[" * 150]
)
def test_text_that_is_not_json_is_refused(text: str) -> None:
    """Parse text that JSON does not allow."""
    with pytest.raises(DocumentError):
        parse_json(text, "bad.json")


def test_deep_json_is_refused() -> None:
    """Parse valid JSON nested deeper than anyone writes."""
    with pytest.raises(DocumentError, match="nested deeper"):
        parse_json("[" * 150 + "]" * 150, "deep.json")


def test_parts_read_typed_values_and_nothing_else() -> None:
    """Read each value as each type."""
    document = parse_yaml_document("t: x\ni: 1\nb: true\nl: [1, 2]\n", "types.yaml")
    assert document.part("t").text == "x"
    assert document.part("i").integer == 1
    assert document.part("b").integer is None
    assert document.part("b").boolean is True
    assert document.part("i").text is None
    assert [part.value for part in document.part("l")] == [1, 2]
    assert list(document.part("t")) == []
    assert document.part("l", 1).key == 1
    assert document.part("l", 2).value is MISSING
    assert document.part("l", -1).value is MISSING


def test_key_paths_are_spelled_for_people() -> None:
    """Spell a path of names and positions."""
    assert spell(("services", 0, "name")) == "services[0].name"


@given(st.text())
@example("a: 0b")
@example("a: 0x_")
@example("- - - ? ")
@example("=: =")
@example("a: 1.e5.6")
def test_any_text_gives_documents_or_a_document_error(text: str) -> None:
    """Parse arbitrary text as YAML and as JSON."""
    for parse in (parse_yaml, parse_json):
        try:
            result = parse(text, "any")
        except DocumentError as error:
            assert str(error).startswith("any:")
        else:
            assert result is not None


@given(st.text(alphabet="ab:-?[]{},&*!|>'\"#%@ \n\t0.1<~", max_size=60))
def test_any_text_of_yaml_signs_gives_documents_or_a_document_error(text: str) -> None:
    """Parse arbitrary arrangements of the signs that mean something in YAML."""
    try:
        documents = parse_yaml(text, "signs")
    except DocumentError as error:
        assert error.line >= 1
    else:
        assert all(document.line() >= 1 for document in documents)


@given(TREES)
def test_json_data_survives_in_both_languages(tree: object) -> None:
    """Write a tree as JSON and read it back; JSON reading is exact, and nothing is duplicated."""
    text = json.dumps(tree, indent=1)
    document = parse_json(text, "tree.json")
    assert document.data == tree
    assert document.duplicates == ()


@given(TREES)
def test_yaml_data_survives(tree: object) -> None:
    """Write a tree as YAML with quoted text and read it back."""
    text = yaml.safe_dump(tree, default_style='"' if isinstance(tree, str) else None)
    (document,) = parse_yaml(text, "tree.yaml")
    assert document.data == tree


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.integers(), min_size=1))
def test_each_key_stands_on_the_line_it_was_written_on(mapping: dict[str, int]) -> None:
    """Write one key on each line."""
    text = "".join(f"{key!r}: {value}\n" for key, value in mapping.items())
    document = parse_yaml_document(text, "lines.yaml")
    assert [document.line(key) for key in mapping] == list(range(1, len(mapping) + 1))
