//! The bitmaps of a block, sixteen bytes at a time. SSE2 is part of every x86-64, so nothing is asked at run time; the one
//! `unsafe` below says so. Its twin by single bytes is in `scan`, with the test that both say the same. Measured on 200 MB of
//! English in one thread, a run takes 8 % less time than with the twin.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m128i, _mm_cmpeq_epi8, _mm_cmplt_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8, _mm_sub_epi8,
};

use super::{QUOTES, STOPS, doubled};

/// The bitmaps as the twin makes them.
pub fn block(bytes: &[u8; 64]) -> [u64; 4] {
    let mut out = [0; 4];
    let mut commas = 0;
    for (quarter, bytes) in bytes.chunks_exact(16).enumerate() {
        // SAFETY: the feature that `sixteen` wants is part of the architecture this file is compiled for.
        let (part, comma) = unsafe { sixteen(bytes.try_into().expect("a quarter has that length")) };
        out.iter_mut().zip(part).for_each(|(bits, part)| *bits |= u64::from(part) << (16 * quarter));
        commas |= u64::from(comma) << (16 * quarter);
    }
    out[3] |= doubled(commas);
    out
}

#[inline]
#[target_feature(enable = "sse2")]
fn sixteen(bytes: &[u8; 16]) -> ([u16; 4], u16) {
    let whole = u128::from_le_bytes(*bytes);
    let all = _mm_set_epi64x((whole >> 64) as i64, whole as i64);
    let high = _mm_movemask_epi8(all) as u16;
    let small = _mm_or_si128(all, _mm_set1_epi8(0x20));
    let plain = bits(_mm_or_si128(within(small, b'a', b'z'), within(all, b'0', b'9')));
    let (ascii_stops, other_stops) = STOPS.split_at(5);
    let (ascii_quotes, other_quotes) = QUOTES.split_at(3);
    let mut stops = among(all, ascii_stops);
    let mut quotes = among(all, ascii_quotes);
    if high != 0 {
        stops |= among(all, other_stops);
        quotes |= among(all, other_quotes);
    }
    ([plain, plain | high | among(all, b"_"), stops, quotes], among(all, b","))
}

/// Bytes from `low` to `high`: moved so that they are the lowest of the signed bytes, they are below one bound.
#[inline]
#[target_feature(enable = "sse2")]
fn within(all: __m128i, low: u8, high: u8) -> __m128i {
    let moved = _mm_sub_epi8(all, _mm_set1_epi8(low.wrapping_add(0x80) as i8));
    _mm_cmplt_epi8(moved, _mm_set1_epi8((high - low + 1).wrapping_add(0x80) as i8))
}

#[inline]
#[target_feature(enable = "sse2")]
fn among(all: __m128i, wanted: &[u8]) -> u16 {
    let mut found = _mm_set1_epi8(0);
    for b in wanted {
        found = _mm_or_si128(found, _mm_cmpeq_epi8(all, _mm_set1_epi8(*b as i8)));
    }
    bits(found)
}

#[inline]
#[target_feature(enable = "sse2")]
fn bits(lanes: __m128i) -> u16 {
    _mm_movemask_epi8(lanes) as u16
}
