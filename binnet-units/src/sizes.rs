//! What sizes must fulfil, in one wording: the macros ask for literals while expanding, generated
//! constants for everything that only the compiler can evaluate.

use crate::Text;

/// What is wrong with the size of a population.
#[must_use]
pub const fn size_problem(name: &str, n: usize) -> Option<Text> {
    if n > 0 {
        return None;
    }
    let text = Text::new().text("population `").text(name).text("` has no neurons");
    Some(text.text("\nhelp: give it at least one, or leave it out"))
}

/// What is wrong with the number of channels of a source.
#[must_use]
pub const fn channels_problem(name: &str, n: usize) -> Option<Text> {
    if n > 0 {
        return None;
    }
    let text = Text::new().text("source `").text(name).text("` has no channels");
    Some(text.text("\nhelp: give it at least one, or leave it out"))
}

/// What is wrong with a number of clusters.
#[must_use]
pub const fn clusters_problem(name: &str, n: usize, clusters: usize) -> Option<Text> {
    if clusters == 0 {
        let text = Text::new().text("`").text(name).text("` cannot be split into 0 clusters");
        return Some(text.text("\nhelp: leave `in clusters` out for none"));
    }
    if n.is_multiple_of(clusters) {
        return None;
    }
    let below = n - n % clusters;
    let text = Text::new().text("`").text(name).text("`: ").number(n).text(" neurons cannot be split into ");
    let text = text.number(clusters).text(" equal clusters\nhelp: the nearest ");
    Some(if below == 0 {
        text.text("size is ").number(clusters)
    } else {
        text.text("sizes are ").number(below).text(" and ").number(below + clusters)
    })
}

/// What is wrong with the clusters of two ends that are connected by cluster.
#[must_use]
pub const fn same_clusters_problem(pre: &str, post: &str, pre_clusters: usize, post_clusters: usize) -> Option<Text> {
    if pre_clusters == post_clusters {
        return None;
    }
    let text = Text::new().text("`").text(pre).text("` has ").number(pre_clusters).text(" clusters, `");
    let text = text.text(post).text("` has ").number(post_clusters);
    Some(text.text("\nhelp: connecting by cluster needs the same number of clusters on both sides"))
}

/// What is wrong with a rule that connects populations of one size.
#[must_use]
pub const fn same_size_problem(rule: &str, pre: &str, post: &str, n_pre: usize, n_post: usize) -> Option<Text> {
    if n_pre == n_post {
        return None;
    }
    let text = Text::new().text("sizes differ: ").number(n_pre).text(" -> ").number(n_post).text(" (`");
    let text = text.text(pre).text("` -> `").text(post).text("`)\nhelp: `");
    Some(text.text(rule).text("` connects populations of the same size"))
}

/// What is wrong with a rule that connects populations of the same rows and columns.
#[must_use]
pub const fn same_grid_problem(
    rule: &str,
    pre: &str,
    post: &str,
    pre_rows: usize,
    pre_columns: usize,
    post_rows: usize,
    post_columns: usize,
) -> Option<Text> {
    if pre_rows == post_rows && pre_columns == post_columns {
        return None;
    }
    let text = Text::new().text("rows and columns differ: ").number(pre_rows).text(" x ").number(pre_columns);
    let text = text.text(" -> ").number(post_rows).text(" x ").number(post_columns).text(" (`").text(pre);
    let text = text.text("` -> `").text(post).text("`)\nhelp: `").text(rule);
    Some(text.text("` connects populations of the same shape, `gaussian_prob(sigma)` any"))
}

/// What is wrong with the `neighbours` or `edges` of each neuron of a graph.
#[must_use]
pub const fn graph_problem(what: &str, name: &str, n: usize, k: usize) -> Option<Text> {
    if k < n {
        return None;
    }
    let text = Text::new().number(k).text(" ").text(what).text(" for each neuron, but `").text(name).text("` has ");
    Some(text.number(n).text(" neurons\nhelp: give fewer, or connect `all_to_all`"))
}

/// What is wrong with an out-degree of different neurons.
#[must_use]
pub const fn out_degree_problem(post: &str, n_post: usize, degree: usize) -> Option<Text> {
    if degree <= n_post {
        return None;
    }
    let text = Text::new().number(degree).text(" different targets cannot be drawn from the ").number(n_post);
    Some(text.text(" neurons of `").text(post).text("`\nhelp: lower the out-degree, or leave `multapses: false` out"))
}

/// What is wrong with an in-degree of different neurons.
#[must_use]
pub const fn in_degree_problem(pre: &str, n_pre: usize, degree: usize) -> Option<Text> {
    if degree <= n_pre {
        return None;
    }
    let text = Text::new().number(degree).text(" different inputs cannot be drawn from the ").number(n_pre);
    Some(text.text(" neurons of `").text(pre).text("`\nhelp: lower the in-degree, or leave `multapses: false` out"))
}

/// What is wrong with the declared shape of a matrix between two populations.
#[must_use]
pub const fn given_problem(
    name: &str,
    first: &str,
    second: &str,
    rows: usize,
    columns: usize,
    n_first: usize,
    n_second: usize,
) -> Option<Text> {
    if rows == n_first && columns == n_second {
        return None;
    }
    let text = Text::new().text("`").text(name).text("` is ").number(rows).text(" x ").number(columns).text(", but `");
    let text = text.text(first).text("` x `").text(second).text("` is ").number(n_first).text(" x ").number(n_second);
    if rows == n_second && columns == n_first {
        return Some(text.text("\nhelp: `dense` takes `w[pre][post]`, `dense_post_pre` takes `w[post][pre]`"));
    }
    Some(text.text("\nhelp: declare it `[").number(n_first).text("][").number(n_second).text("]`"))
}

/// What is wrong with a range of neurons.
#[must_use]
pub const fn slice_problem(name: &str, n: usize, start: usize, end: usize) -> Option<Text> {
    if start < end && end <= n {
        return None;
    }
    let text = Text::new().text("`").text(name).text("[").number(start).text("..").number(end).text("]`");
    if start >= end {
        return Some(text.text(" has no neurons\nhelp: write the first one and the one after the last"));
    }
    Some(text.text(" reaches beyond the ").number(n).text(" neurons\nhelp: the last range is `..").number(n).text("`"))
}

/// What is wrong with a range of rows or columns (`axis`) of a population with two dimensions.
#[must_use]
pub const fn patch_problem(name: &str, axis: &str, n: usize, start: usize, end: usize) -> Option<Text> {
    if start < end && end <= n {
        return None;
    }
    let text = Text::new().text(axis).text(" ").number(start).text("..").number(end).text(" of `").text(name);
    if start >= end {
        return Some(text.text("` are none\nhelp: write the first one and the one after the last"));
    }
    Some(text.text("` reach beyond its ").number(n).text("\nhelp: the last range is `..").number(n).text("`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_lie_within_their_population() {
        assert!(slice_problem("e", 10, 0, 10).is_none());
        let text = slice_problem("e", 10, 4, 11).expect("there is no neuron 10");
        assert_eq!(text.as_str(), "`e[4..11]` reaches beyond the 10 neurons\nhelp: the last range is `..10`");
        assert!(slice_problem("e", 10, 4, 4).is_some_and(|t| t.as_str().contains("has no neurons")));
    }

    #[test]
    fn patches_lie_within_their_population() {
        assert!(patch_problem("grid", "rows", 30, 0, 30).is_none());
        let text = patch_problem("grid", "columns", 40, 4, 41).expect("there is no column 40");
        assert_eq!(text.as_str(), "columns 4..41 of `grid` reach beyond its 40\nhelp: the last range is `..40`");
        assert!(patch_problem("grid", "rows", 30, 4, 4).is_some_and(|t| t.as_str().contains("are none")));
    }

    #[test]
    fn clusters_name_the_nearest_sizes() {
        assert!(clusters_problem("e", 8000, 20).is_none());
        let text = clusters_problem("e", 8000, 7).expect("7 does not divide 8000");
        assert_eq!(
            text.as_str(),
            "`e`: 8000 neurons cannot be split into 7 equal clusters\nhelp: the nearest sizes are 7994 and 8001"
        );
        assert!(clusters_problem("e", 3, 7).is_some_and(|t| t.as_str().ends_with("the nearest size is 7")));
        assert!(clusters_problem("e", 3, 0).is_some());
    }

    #[test]
    fn a_turned_matrix_is_recognised() {
        assert!(given_problem("w", "a", "b", 2, 3, 2, 3).is_none());
        assert!(given_problem("w", "a", "b", 3, 2, 2, 3).is_some_and(|t| t.as_str().contains("dense_post_pre")));
        assert!(given_problem("w", "a", "b", 3, 3, 2, 3).is_some_and(|t| t.as_str().ends_with("`[2][3]`")));
    }
}
