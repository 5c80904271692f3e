"""Predictions: the learner commits an answer and how sure they are, and later sees what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labkit.study.course.journal import journal
from labkit.study.page import Items, Page, Part, Title
from labkit.words import error, say
from labkit.words import study as words


class Prediction(Page):
    """One question with its options, and the answer committed so far."""

    def __init__(self, id: str, question: str, options: Sequence[str], claims: Sequence[str]) -> None:
        self.id = id
        self.question = question
        self.options = list(options)
        self.claims = list(claims)
        super().__init__(self._still())

    def _still(self) -> list[Part]:
        return [Title(self.question), Items(self.options, numbered=True), self.state()]

    def state(self) -> str:
        """Say in one sentence what is committed, or what happened if that was shown already."""
        if done := find("revealed", self.id):
            return _against(done)
        if given := find("prediction", self.id):
            return say(words.ANSWERED, answer=given["answer"], sure=sureness(given))
        return say(words.NOT_ANSWERED, id=self.id)

    def commit(self, option: int, sure: int) -> str:
        """Store an answer by its number from 1, and a sureness from 1 to 3; returns what to tell.

        Raises `LabError` for a number that there is not. What is committed after the reveal does not count.
        """
        if option not in range(1, len(self.options) + 1):
            raise error(words.NO_SUCH_OPTION, id=self.id, last=len(self.options))
        if sure not in range(1, len(words.SURENESS) + 1):
            raise error(words.NO_SUCH_SURENESS, given=sure)
        if find("revealed", self.id):
            return self.state()
        answer = self.options[option - 1]
        entry = {"kind": "prediction", "id": self.id, "question": self.question, "answer": answer, "sure": sure}
        problem = journal().append(entry)
        return f"{say(words.KEPT, answer=answer, sure=sureness(entry))} {problem}".rstrip()

    def is_open(self) -> bool:
        """Whether nothing is committed yet."""
        return not self.committed() and not self.is_revealed()

    def is_revealed(self) -> bool:
        """Whether the learner has seen what happened to a committed answer."""
        return find("revealed", self.id) is not None

    def committed(self) -> list[int]:
        """The committed option and sureness, both from 1; empty if there is none among the present options."""
        given = find("revealed", self.id) or find("prediction", self.id)
        if given is None or given["answer"] not in self.options:
            return []
        return [self.options.index(given["answer"]) + 1, int(given["sure"])]

    def live(self) -> dict[str, Any]:
        """The form with its radio buttons, where a notebook is open."""
        from labkit.study.form import form_of

        return form_of(self)


class Predict:
    """`predict(id, question, options)` asks; `predict.reveal(id, truth)` compares; see each."""

    def __init__(self) -> None:
        self._asked: dict[str, Prediction] = {}

    def __call__(self, id: str, question: str, options: Sequence[object], claims: Sequence[str] = ()) -> Prediction:
        """Ask the learner to commit one of the options and how sure they are; nothing waits for it.

        The id begins with the lesson's number, "03-comes-back"; `claims` are ids of the ledger.
        Raises `LabError` without an id of text or without two different options.
        """
        if not isinstance(id, str) or not id.strip():
            raise error(words.NEEDS_ID, given=id)
        texts = [str(option) for option in options]
        if len(set(texts)) < 2 or len(set(texts)) < len(texts) or isinstance(options, str):
            raise error(words.NEEDS_OPTIONS, id=id)
        self._asked[id] = Prediction(id, question, texts, claims)
        return self._asked[id]

    def answer(self, id: str, option: int, sure: int = 2) -> Page:
        """Commit an answer without buttons: the option's number, and sure 1 (guessing), 2 or 3 (certain)."""
        if id not in self._asked:
            raise error(words.NOT_ASKED, id=id)
        return Page([self._asked[id].commit(option, sure)])

    def reveal(self, id: str, truth: object, why: str = "") -> Page:
        """Show what happened (one of the options, best computed by the lesson) beside what was predicted.

        Works without an answer, and in a section that runs alone without its question.
        Raises `LabError` for a truth that is none of the options.
        """
        asked = self._asked.get(id)
        if asked is not None and str(truth) not in asked.options:
            raise error(words.NOT_AN_OPTION, id=id, given=truth, options=", ".join(asked.options))
        given, done = find("prediction", id), find("revealed", id)
        if given is not None and done is None:
            about = {name: given[name] for name in ("id", "question", "answer", "sure")}
            done = {"kind": "revealed", **about, "truth": str(truth), "right": given["answer"] == str(truth)}
            journal().append(done)
        parts: list[Part] = [say(words.TRUTH, truth=truth), *([why] if why else []), *_verdict(done)]
        if asked is not None and asked.claims:
            parts.append(say(words.CLAIMS, claims=", ".join(asked.claims)))
        return Page(parts)


def find(kind: str, id: str) -> dict[str, Any] | None:
    """Return the journal's entry of this kind and id: the first reveal, but the latest prediction."""
    found = [entry for entry in journal().entries() if entry.get("kind") == kind and entry.get("id") == id]
    return (found[0] if kind == "revealed" else found[-1]) if found else None


def sureness(entry: dict[str, Any]) -> str:
    """Return in words how sure an answer was."""
    return say(words.SURENESS[min(max(int(entry.get("sure", 2)), 1), 3) - 1])


def _verdict(done: dict[str, Any] | None) -> list[Part]:
    if done is None:
        return [say(words.NO_ANSWER)]
    if done["right"]:
        return [say(words.PREDICTED, sure=sureness(done))]
    told: list[Part] = [say(words.NOT_PREDICTED, answer=done["answer"], sure=sureness(done))]
    return [*told, say(words.SURE_AND_WRONG)] if done["sure"] == len(words.SURENESS) else told


def _against(done: dict[str, Any]) -> str:
    return say(words.LOCKED, answer=done["answer"], sure=sureness(done), truth=done["truth"])


predict = Predict()
