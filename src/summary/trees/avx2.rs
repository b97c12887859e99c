//! The sums of a block, eight sentences at a time, where the processor has AVX2. Its twin in plain Rust is in `trees`, with the
//! test that both say the same to the last bit: each sentence's leaves are added in the order of the trees here as there. On
//! English, a run of summaries takes 2.6 % fewer instructions with it, and summing half as many.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m256, __m256i, _CMP_GT_OQ, _mm256_add_ps, _mm256_and_si256, _mm256_blendv_ps, _mm256_castps_si256, _mm256_cmp_ps, _mm256_or_si256,
    _mm256_permutevar8x32_ps, _mm256_set1_epi32, _mm256_set1_ps, _mm256_setr_ps, _mm256_storeu_ps,
};

use super::{Tree, Trees};
use crate::summary::columns::{Block, LANES, WIDTH};

/// The sums as the twin makes them; `None` where the processor cannot.
pub fn sums(trees: &Trees, block: &Block) -> Option<[f32; LANES]> {
    // SAFETY: the feature that `summed` wants was found.
    is_x86_feature_detected!("avx2").then(|| unsafe { summed(trees, block) })
}

#[target_feature(enable = "avx2")]
fn summed(trees: &Trees, block: &Block) -> [f32; LANES] {
    let mut sums = _mm256_set1_ps(trees.base);
    for tree in &trees.trees {
        sums = _mm256_add_ps(sums, leaves(tree, block));
    }
    let mut out = [0.0; LANES];
    // SAFETY: there is room for eight floats.
    unsafe { _mm256_storeu_ps(out.as_mut_ptr(), sums) };
    out
}

/// The leaf of each sentence: the first three answers pick one of the lower eight leaves and one of the upper, the last one of the two.
#[inline]
#[target_feature(enable = "avx2")]
fn leaves(tree: &Tree, block: &Block) -> __m256 {
    let greater = |level: usize| {
        let (feature, threshold) = tree.levels[level];
        _mm256_cmp_ps::<_CMP_GT_OQ>(eight(&block[usize::from(feature) % WIDTH]), _mm256_set1_ps(threshold))
    };
    let bit = |level: usize| _mm256_and_si256(_mm256_castps_si256(greater(level)), _mm256_set1_epi32(1 << level));
    let number: __m256i = _mm256_or_si256(_mm256_or_si256(bit(0), bit(1)), bit(2));
    let (lower, upper) = tree.leaves.split_at(LANES);
    let of = |leaves: &[f32]| _mm256_permutevar8x32_ps(eight(leaves.first_chunk().expect("a half has eight")), number);
    _mm256_blendv_ps(of(lower), of(upper), greater(3))
}

#[inline]
#[target_feature(enable = "avx2")]
fn eight(values: &[f32; LANES]) -> __m256 {
    let [a, b, c, d, e, f, g, h] = *values;
    _mm256_setr_ps(a, b, c, d, e, f, g, h)
}
