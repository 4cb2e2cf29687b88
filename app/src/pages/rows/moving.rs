//! Moving through a list in the browser: what is scrolled to, and what keys press.

use leptos::prelude::*;
use model::rows::LONGEST;

/// Height of a row, in pixels; the same as `--row` in the style.
const ROW: u32 = 36;
/// Rows that are fetched on both sides of those that are seen.
const MARGIN: u32 = 24;
/// With fewer on one side more are fetched.
const NEAR: u32 = 12;

/// From a link or box in a row, which keys would press otherwise though another row is active.
pub(super) fn take_focus(event: &leptos::ev::KeyboardEvent) {
    use leptos::wasm_bindgen::JsCast as _;
    let table = event.current_target().and_then(|table| table.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(table) = table.filter(|_| event.target() != event.current_target()) {
        let _ = table.focus();
    }
}

/// Enter opens what the active row is about, Space chooses it. Says whether there was anything.
pub(super) fn press(event: &leptos::ev::KeyboardEvent, row: u32) -> bool {
    // Whoever is on a link or a box presses that.
    let on_grid = event.target() == event.current_target();
    let part = if event.key() == "Enter" { "th a" } else { "th input" };
    on_grid && click(&format!("#row-{row} {part}"))
}

/// Says whether there was one.
pub(super) fn click(selector: &str) -> bool {
    use leptos::wasm_bindgen::JsCast as _;
    let found = document().query_selector(selector).ok().flatten();
    let found = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
    found.iter().for_each(web_sys::HtmlElement::click);
    found.is_some()
}

/// A gap as high as so many rows.
pub(super) fn stretch(gap: NodeRef<leptos::html::Tr>, rows: u32) {
    use wasm_bindgen::JsCast as _;
    let Some(gap) = gap.get_untracked() else { return };
    let gap: &web_sys::HtmlElement = gap.unchecked_ref();
    let _ = gap.style().set_property("height", &format!("{}px", rows.saturating_mul(ROW)));
    let _ = gap.style().set_property("display", if rows == 0 { "none" } else { "table-row" });
}

/// What has to be fetched, when what is seen comes near the end of what is there.
pub(super) fn wanted(place: &web_sys::HtmlDivElement, range: (u32, u32), total: u32) -> Option<(u32, u32)> {
    let pixels = |pixels: i32| u32::try_from(pixels).unwrap_or_default() / ROW;
    let (first, seen) = (pixels(place.scroll_top()), pixels(place.client_height()).saturating_add(1));
    let (offset, length) = range;
    let (end, last) = (offset.saturating_add(length), first.saturating_add(seen));
    let above = offset > 0 && first < offset.saturating_add(NEAR);
    let below = end < total && last.saturating_add(NEAR) > end;
    if !above && !below {
        return None;
    }
    Some((first.saturating_sub(MARGIN), seen.saturating_add(2 * MARGIN).min(LONGEST)))
}

/// Scrolls no further than needed to see a row.
pub(super) fn show(place: &web_sys::HtmlDivElement, row: u32) {
    let (top, height) = (place.scroll_top(), place.client_height());
    let (row, next) = (top_of(row), top_of(row.saturating_add(2)));
    if row < top {
        place.set_scroll_top(row);
    } else if next > top.saturating_add(height) {
        place.set_scroll_top(next.saturating_sub(height));
    }
}

/// Where a row begins, in pixels.
pub(super) fn top_of(row: u32) -> i32 {
    i32::try_from(row.saturating_mul(ROW)).unwrap_or(i32::MAX)
}

/// The row that something happened in, counted from the first that is there.
pub(super) fn row_of(event: &leptos::ev::MouseEvent) -> Option<usize> {
    let row = element(event)?.closest("tr[aria-rowindex]").ok()??;
    let body = row.parent_element()?;
    let rows = body.query_selector_all(":scope > tr[aria-rowindex]").ok()?;
    (0..rows.length()).position(|at| rows.item(at).as_ref() == Some(&*row))
}

/// Below the button of a row's menu, when that was pressed.
pub(super) fn pressed_button(event: &leptos::ev::MouseEvent) -> Option<(i32, i32)> {
    let place = element(event)?.closest(".more button").ok()??.get_bounding_client_rect();
    Some((place.left() as i32, place.bottom() as i32))
}

fn element(event: &leptos::ev::MouseEvent) -> Option<web_sys::Element> {
    use leptos::wasm_bindgen::JsCast as _;
    event.target()?.dyn_into().ok()
}
