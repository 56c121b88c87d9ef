"""On a phone, what can be touched is at least 44 pixels wide and high, or reacts as if it were."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from browser import PATIENCE_MS, Browser, Page, chromium, expect, ready, tiles, visit

__all__ = ["chromium"]

SMALLER = """() => {
    const all = [...document.querySelectorAll("*")];
    const host = all.find((node) => node.shadowRoot?.querySelector(".app"));
    const root = host.shadowRoot;
    const front = [...root.querySelectorAll("dialog[open], .menu:not([hidden])")].pop() ?? root;
    const controls = "button, a[href], input:not([type=hidden]):not([type=file])";
    const smaller = [];
    let touched = 0;
    for (const node of front.querySelectorAll(controls)) {
        const target = node.closest("label") ?? node;
        const box = target.getBoundingClientRect();
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        // A square of 44 pixels that is all its own: in the middle, or above where it begins.
        const squares = [[x, y], [box.left + 22, box.bottom - 22]];
        const hit = (across, down) => {
            const at = root.elementFromPoint(across, down);
            // What is half behind the bars at the edges has only to be scrolled.
            const covered = down !== y && at?.closest(".views, header");
            return at !== null && (target.contains(at) || Boolean(covered));
        };
        if (!box.width || !hit(x, y)) continue; // hidden, scrolled away, or behind something
        touched += 1;
        const large = squares.some(([middle, at]) =>
            (box.height >= 44 || (hit(middle, at - 21) && hit(middle, at + 21)))
            && (box.width >= 44 || (hit(middle - 21, at) && hit(middle + 21, at))));
        if (!large)
            smaller.push([node.ariaLabel ?? node.textContent, box.width, box.height]);
    }
    return [touched, smaller];
}"""


@pytest.fixture
def phone(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        base_url=address,
        has_touch=True,
        reduced_motion="reduce",
        locale="en-GB",
    )
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    context.close()


def all_large(page: Page, least: int) -> None:
    """At least so many controls are in sight, and none is smaller."""
    page.wait_for_timeout(400)  # what is drawn after the photos
    touched, smaller = page.evaluate(SMALLER)
    assert smaller == []
    assert touched >= least


def test_targets_are_large_enough_for_fingers(phone: Page) -> None:
    visit(phone)
    expect(tiles(phone).first).to_be_visible()
    all_large(phone, 9)
    for query in ("in:Family camera:canon", "a cat in:Family"):
        visit(phone, query)
        expect(phone.locator(".chip").first).to_be_visible()
        all_large(phone, 9)
    phone.locator(".open-options").click()
    all_large(phone, 5)
    phone.keyboard.press("Escape")
    tiles(phone).first.locator(".check").dispatch_event("click")
    expect(phone.get_by_role("toolbar")).to_be_visible()
    all_large(phone, 15)
    phone.get_by_role("button", name="Tag…").click()
    all_large(phone, 3)
    phone.keyboard.press("Escape")
    phone.keyboard.press("Escape")
    phone.locator(".toggle-panel").click()
    expect(phone.locator(".panel").get_by_role("heading", name="When")).to_be_visible()
    all_large(phone, 9)
    for view in ("Map", "Albums"):
        visit(phone, view=view)
        all_large(phone, 8)
    phone.goto("/library")
    expect(phone.get_by_role("switch").first).to_be_visible()
    phone.locator(".unread-kinds summary").first.scroll_into_view_if_needed()
    all_large(phone, 8)
    visit(phone, "a motorcycle")
    tiles(phone).first.click()
    expect(phone.locator(".photo")).to_be_visible()
    all_large(phone, 5)
    phone.keyboard.press("i")
    expect(phone.locator(".facts h2")).to_be_visible()
    all_large(phone, 7)
    ready(phone)


def test_two_fingers_bring_the_map_nearer(phone: Page) -> None:
    visit(phone, view="map")
    chart = phone.locator(".map")
    expect(phone.locator(".cluster").first).to_be_visible()
    for box in phone.locator(".cluster .ring").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().width)"
    ):
        assert box >= 44
    before = [float(number) for number in (chart.get_attribute("viewBox") or "").split()]
    place = chart.bounding_box()
    assert place
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] - 12
    fingers = phone.context.new_cdp_session(phone)
    for kind, apart in (("Start", 20), ("Move", 60), ("Move", 80), ("End", 0)):
        points = [{"x": x - apart, "y": y, "id": 1}, {"x": x + apart, "y": y, "id": 2}]
        touched = {"type": f"touch{kind}", "touchPoints": [] if kind == "End" else points}
        fingers.send("Input.dispatchTouchEvent", touched)
    after = [float(number) for number in (chart.get_attribute("viewBox") or "").split()]
    assert 0.2 < after[2] / before[2] < 0.35  # from 40 pixels apart to 160
    assert after[0] + after[2] / 2 == pytest.approx(before[0] + before[2] / 2, abs=0.5)
