"""The same seed, one setting changed."""

import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from labkit import Lab, LabError, calls_over_time, what_if
from labkit.pictures.slider import Slider
from tests.pictures.conftest import Image


def story(lab, timeout):
    """One consumer works 40 s an order and then deletes it; another looks every 10 s."""
    sqs = lab.client("sqs")
    url = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": str(timeout)})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="order-1")
    message = sqs.receive_message(QueueUrl=url)["Messages"][0]
    for _ in range(4):
        lab.clock.advance("10 s")
        sqs.receive_message(QueueUrl=url)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


@pytest.fixture
def compared(lab):
    return what_if(lab, story, "visibility timeout in seconds", [25, 60, 35])


def test_the_words_compare_every_value_with_the_first(compared):
    """All that the slider can show, in one text."""
    assert str(compared).splitlines() == [
        'What if "visibility timeout in seconds" were another? The same seed and the same code, 3 values.',
        "25: messages sent: 1, receives: 2, messages received more than once: 1, "
        "left at the end: 1, API calls: 8, empty receives: 3, last delete: never.",
        "60 instead of 25: receives: 1 (was 2), messages received more than once: 0 (was 1), deleted: 1 (was 0), "
        "left at the end: 0 (was 1), empty receives: 4 (was 3), last delete: at 40 s (was never).",
        "35 instead of 25: nothing changes.",
    ]


def test_without_a_kernel_both_histories_show_as_images(compared):
    """The first value above, the second below, on one time axis."""
    html = compared._repr_html_()
    assert html.count('<img src="data:image/svg+xml;base64,') == 2
    assert html.index("visibility timeout in seconds: 25") < html.index("visibility timeout in seconds: 60")


def test_both_pictures_have_one_time_axis(lab):
    """A value that takes longer stretches the axis of both."""

    def until(lab, seconds):
        sqs = lab.client("sqs")
        sqs.send_message(QueueUrl=sqs.create_queue(QueueName="orders")["QueueUrl"], MessageBody="order-1")
        lab.clock.advance(seconds)

    trial = what_if(lab, until, "seconds", [10, 90]).trial(1)
    for image in (trial["above"], trial["below"]):
        assert "Lab time 0 s to 1 min 30 s." in Image(image).alt


def test_the_lab_outside_is_as_it_was(lab, compared):
    """No resource, no event and no second was added to it."""
    assert lab.is_open
    assert lab.history.events == []
    assert lab.clock.now().timestamp() * 1_000_000 == lab.history.start
    assert lab.client("sqs").list_queues().get("QueueUrls") is None


def test_each_value_is_told_once(lab):
    """Moving back and forth runs nothing again."""
    told = []
    compared = what_if(lab, lambda lab, value: told.append(value), "number", [1, 2, 3])
    compared.trial(2)
    compared.trial(2)
    repr(compared)
    assert told == [1, 2, 3]


def test_values_beyond_the_first_twelve_wait_until_the_slider_reaches_them(lab):
    """The text says which have not run; a late one runs by itself and is then kept."""
    told = []
    compared = what_if(lab, lambda lab, value: told.append(value), "number", list(range(20)))
    assert told == list(range(12))
    assert str(compared).endswith("Not run yet: 12, 13, 14, 15, 16, 17, 18, 19.")
    assert compared.trial(15)["sentence"] == "15 instead of 0: nothing changes."
    assert told == [*range(12), 15]


def test_another_picture_can_be_compared(lab):
    """Any of the pictures that stretch over time."""
    compared = what_if(lab, story, "timeout", [25, 60], picture=calls_over_time)
    assert "API calls by operation" in Image(compared.trial(1)["below"]).alt


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((story, "timeout", [1, 2], 3), "needs a lab first"),
        (("lab", 5, "timeout", [1, 2]), "needs a function as its second argument"),
        (("lab", story, 5, [1, 2]), "needs the name of the setting"),
        (("lab", story, "timeout", [1]), "at least two different values"),
        (("lab", story, "timeout", [1, 1]), "at least two different values"),
        (("lab", story, "timeout", "12"), "at least two different values"),
        (("lab", story, "timeout", 30), "at least two different values"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(lab, arguments, sentence):
    """Whatever stands at the wrong place."""
    given = [lab if argument == "lab" else argument for argument in arguments]
    with pytest.raises(LabError, match=sentence):
        what_if(*given)


def test_an_error_in_the_story_surfaces_and_closes_its_lab(lab):
    """The learner's own error, not ours, and the lab outside is usable again."""

    def broken(lab, value):
        raise ZeroDivisionError("my own mistake")

    with pytest.raises(ZeroDivisionError, match="my own mistake"):
        what_if(lab, broken, "number", [1, 2])
    assert lab.client("sqs").list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_one_output_has_the_widget_the_images_and_the_words(compared):
    """The builder drops the widget, and what remains is the same at every run."""
    forms, again = compared._repr_mimebundle_(), compared._repr_mimebundle_()
    assert set(forms) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert forms["text/plain"] == str(compared)
    assert forms["text/html"] == again["text/html"]


def test_the_slider_brings_its_trials_along(compared):
    """So that the browser needs no kernel to switch; the whole is small."""
    slider = Slider(compared)
    assert slider.labels == ["25", "60", "35"]
    assert [trial["place"] for trial in slider.trials] == [0, 1, 2]
    assert sum(len(part) for trial in slider.trials for part in map(str, trial.values())) < 60_000


def test_the_slider_answers_for_a_value_that_has_not_run(lab):
    """Also when the question comes in a thread of its own, as from JupyterLab: the answer is made where cells run."""
    threads, sent = [], []
    compared = what_if(lab, lambda lab, value: threads.append(threading.get_ident()), "number", list(range(13)))
    slider = Slider(compared)
    slider.send = sent.append
    loop = SimpleNamespace(call_soon_threadsafe=lambda answer, place: later.append((answer, place)))
    later = []
    slider._home = (threading.get_ident(), loop)
    asking = threading.Thread(target=slider._asked, args=(slider, {"place": 12}, None))
    asking.start()
    asking.join()
    assert sent == []
    ((answer, place),) = later
    answer(place)
    assert sent[0]["sentence"] == "12 instead of 0: nothing changes."
    assert set(threads) == {threading.get_ident()}
    slider._asked(slider, {"place": 3}, None)
    assert sent[1]["place"] == 3


def test_a_late_value_that_fails_says_so_in_the_slider(lab):
    """An error between cells has no cell to appear in."""

    def story(lab, value):
        if value == 12:
            raise ValueError("twelve is too much")

    slider = Slider(what_if(lab, story, "number", list(range(13))))
    sent = []
    slider.send = sent.append
    slider._asked(slider, {"place": 12}, None)
    assert sent[0]["sentence"] == "ValueError: twelve is too much"


@pytest.mark.slow
def test_making_a_comparison_loads_no_widgets():
    """Only showing it does."""
    code = (
        "import sys; from labkit import Lab, what_if;"
        "repr(what_if(Lab(), lambda lab, value: None, 'number', [1, 2])); print('ipywidgets' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


def test_a_lab_like_thing_is_not_a_lab():
    """A closed lab will do, any other object will not."""
    with Lab(seed=3) as lab:
        pass
    assert "nothing changes" in str(what_if(lab, lambda lab, value: None, "number", [1, 2]))
