"""Read shell scripts: commands, functions, options and variables, as the shell would parse them.

Comments, quotes and here-documents are what they are; nothing is run or expanded. A script that
cannot be parsed is an error: nothing can be said about it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SPECIAL = frozenset("?!#@*$-_0123456789")
_LOCAL_SHELL = frozenset(
    ("BASH_SOURCE", "PIPESTATUS", "FUNCNAME", "LINENO", "RANDOM", "SECONDS", "OPTARG", "OPTIND")
)
_WRAPPERS = frozenset(("sudo", "exec", "command", "time", "nohup", "env", "timeout", "builtin"))


_BEYOND_LATIN = re.compile("[^\\x00-\\xff]")
"""The grammar's scanner looks characters up in a table that ends at 255, and reads past its end for
any other: what it finds there, or whether the process survives it, is chance. To the shell all of
them are parts of a word."""


class ShellError(ValueError):
    """The text is not a shell script that can be parsed; `line` is where that shows."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}: the shell syntax cannot be parsed")
        self.line = line


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command: its words without the quotes; expansions stand as they are written."""

    name: str
    arguments: tuple[str, ...]
    line: int
    function: str
    node: Node = field(repr=False, compare=False)

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words without wrappers such as `sudo` and `timeout 5m` in front."""
        words = (self.name, *self.arguments)
        while len(words) > 1 and words[0] in _WRAPPERS:
            words = words[1:]
            while len(words) > 1 and (words[0][:1] in "-0123456789" or "=" in words[0]):
                words = words[1:]
        return words

    def runs(self, *prefix: str) -> bool:
        """Tell whether the command starts with these words, by whatever path it is called."""
        head = self.words[: len(prefix)]
        return (head[0].rpartition("/")[2], *head[1:]) == prefix if head else False


@dataclass(frozen=True, slots=True)
class Script:
    """A parsed script: its commands in the order of the text, and its functions by name."""

    commands: tuple[Command, ...]
    functions: Mapping[str, Node] = field(repr=False)
    root: Node = field(repr=False, compare=False)
    shebang: str = ""

    def within(self, node: Node) -> Iterator[Command]:
        """Yield the commands inside a node of the syntax tree."""
        for command in self.commands:
            if node.start_byte <= command.node.start_byte < node.end_byte:
                yield command

    def calls(self, function: str) -> Iterator[Command]:
        """Yield the commands that call a function of the script."""
        return (command for command in self.commands if command.name == function)


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_bash.language()))


def parse_script(text: str) -> Script:
    """Parse a shell script, as far as the shell would read: to the first `exit` at its top level.

    Raises:
        ShellError: the text cannot be parsed.

    """
    source = _BEYOND_LATIN.sub("·", text).encode()
    root = _parser().parse(source).root_node
    if root.has_error:
        broken = next((n for n in walk(root) if n.is_error or n.is_missing), root)
        raise ShellError(line_of(broken))
    last = next((node for node in root.children if _is_exit(node)), root)
    root = _parser().parse(source[: last.end_byte]).root_node
    functions = {
        text_of(node.child_by_field_name("name")): node
        for node in walk(root)
        if node.type == "function_definition"
    }
    shebang = text.partition("\n")[0] if text.startswith("#!") else ""
    found = tuple(_command(node) for node in walk(root) if node.type == "command")
    return Script(found, functions, root, shebang)


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, in the order of the text."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(current.children))


def ancestors(node: Node) -> Iterator[Node]:
    """Yield what encloses a node, innermost first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def text_of(node: Node | None) -> str:
    """Return the source text of a node, and nothing for no node."""
    return "" if node is None or node.text is None else node.text.decode(errors="replace")


def line_of(node: Node) -> int:
    """Return the line a node starts on, counted from 1."""
    return node.start_point[0] + 1


def word(node: Node | None) -> str:
    """Return a word without its quotes."""
    if node is None:
        return ""
    if node.type == "concatenation":
        return "".join(word(part) for part in node.children)
    text = text_of(node)
    if node.type == "raw_string":
        return text[1:-1]
    if node.type == "ansi_c_string":
        return text[2:-1]
    if node.type == "string":
        return text[1:-1].replace('\\"', '"')
    return text


def _is_exit(node: Node) -> bool:
    behind = node.next_sibling
    in_background = behind is not None and behind.type == "&"
    is_exit = node.type == "command" and word(node.child_by_field_name("name")) == "exit"
    return is_exit and not in_background


def _command(node: Node) -> Command:
    name = node.child_by_field_name("name")
    called = name.children[0] if name is not None and name.children else name
    arguments = tuple(word(child) for child in node.children_by_field_name("argument"))
    return Command(word(called), arguments, line_of(node), function_around(node), node)


def function_around(node: Node) -> str:
    """Return the name of the function a node is in; empty at the top level."""
    for parent in ancestors(node):
        if parent.type == "function_definition":
            return text_of(parent.child_by_field_name("name"))
    return ""


def assignments(script: Script) -> dict[str, tuple[Node, ...]]:
    """Return every assignment to each variable, in the order of the text."""
    found: dict[str, list[Node]] = {}
    for node in walk(script.root):
        if node.type == "variable_assignment":
            found.setdefault(text_of(node.child_by_field_name("name")), []).append(node)
    return {name: tuple(nodes) for name, nodes in found.items()}


def variables_read(node: Node) -> Iterator[str]:
    """Yield the variables whose values a piece of script reads; `?` is the last exit status."""
    for part in walk(node):
        parent = part.parent
        if part.type == "special_variable_name":
            yield text_of(part)
        elif part.type == "variable_name" and parent is not None:
            target = parent.child_by_field_name("name")
            is_assigned = parent.type == "variable_assignment" and target == part
            if not is_assigned and parent.type not in ("declaration_command", "unset_command"):
                yield text_of(part)


def environment_variables(script: Script) -> tuple[str, ...]:
    """Return the variables that the script reads and never sets, plain or before reading.

    `X=${X:-default}` reads X from the environment too.
    """
    own = assignments(script)
    loops = {
        text_of(node.child_by_field_name("variable"))
        for node in walk(script.root)
        if node.type == "for_statement"
    }
    read_into = {a for c in script.commands if c.name == "read" for a in c.arguments}
    outside = []
    for name in variables_read(script.root):
        if name in _LOCAL_SHELL | loops | read_into or name[:1] in _SPECIAL:
            continue
        first = own.get(name, (None,))[0]
        if first is None or name in set(variables_read(first)):
            outside.append(name)
    return tuple(dict.fromkeys(outside))
