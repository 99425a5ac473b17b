//! Circles in graphs of names.
//!
//! Invariant: nothing recurses, and all of it is linear in the edges, so a chain of any length is no danger.

use std::collections::{HashMap, VecDeque};

use crate::text::Span;

/// A directed graph; nodes are numbers from 0.
pub(super) struct Graph {
    /// The edges by the node that they leave, each node's in the order in which they were added.
    by_start: Vec<u32>,
    /// Where the edges of each node begin in `by_start`, and one more for the end.
    starts: Vec<usize>,
    /// Where each edge starts and ends.
    edges: Vec<(u32, u32)>,
}

impl Graph {
    pub(super) fn new(n_nodes: usize, edges: impl Iterator<Item = (usize, usize)>) -> Graph {
        let small = |it: usize| Span::at(it).start;
        let edges: Vec<(u32, u32)> = edges.map(|(from, to)| (small(from), small(to))).collect();
        let mut by_start: Vec<u32> = (0..small(edges.len())).collect();
        by_start.sort_by_key(|it| edges[*it as usize].0);
        let starts =
            (0..=n_nodes).map(|node| by_start.partition_point(|it| (edges[*it as usize].0 as usize) < node));
        Graph { starts: starts.collect(), by_start, edges }
    }

    /// The edges that leave a node.
    fn leaving(&self, node: usize) -> &[u32] {
        &self.by_start[self.starts[node]..self.starts[node + 1]]
    }

    /// Where an edge starts and ends.
    fn ends(&self, edge: u32) -> (usize, usize) {
        let (from, to) = self.edges[edge as usize];
        (from as usize, to as usize)
    }

    /// For each set of nodes that all reach each other, the edges of a shortest circle through its first node; in the
    /// order of those nodes.
    pub(super) fn circles(&self) -> Vec<Vec<usize>> {
        let (component, n_components) = self.components();
        let mut seen = vec![false; n_components];
        let mut res = Vec::new();
        for node in 0..self.starts.len() - 1 {
            if !std::mem::replace(&mut seen[component[node]], true) {
                res.extend(self.shortest_circle(node, &component));
            }
        }
        res
    }

    /// The edges whose ends reach each other.
    pub(super) fn circular_edges(&self) -> Vec<usize> {
        let (component, _) = self.components();
        let circular =
            |(_, (from, to)): &(usize, &(u32, u32))| component[*from as usize] == component[*to as usize];
        self.edges.iter().enumerate().filter(circular).map(|(edge, _)| edge).collect()
    }

    /// The number of the strongly connected component of each node, and how many there are (Tarjan's algorithm, with
    /// a stack of its own).
    fn components(&self) -> (Vec<usize>, usize) {
        const NONE: usize = usize::MAX;
        let n_nodes = self.starts.len() - 1;
        let (mut index, mut low) = (vec![NONE; n_nodes], vec![0; n_nodes]);
        let (mut component, mut n_components) = (vec![NONE; n_nodes], 0);
        let (mut open, mut n_seen) = (Vec::new(), 0);
        for root in 0..n_nodes {
            // A node and how many of its edges were followed.
            let mut path = if index[root] == NONE { vec![(root, 0)] } else { Vec::new() };
            while let Some((node, followed)) = path.pop() {
                if followed == 0 {
                    (index[node], low[node]) = (n_seen, n_seen);
                    n_seen += 1;
                    open.push(node);
                } else {
                    let (_, before) = self.ends(self.leaving(node)[followed - 1]);
                    if component[before] == NONE {
                        low[node] = low[node].min(low[before]);
                    }
                }
                let Some(edge) = self.leaving(node).get(followed) else {
                    if low[node] == index[node] {
                        while let Some(member) = open.pop() {
                            component[member] = n_components;
                            if member == node {
                                break;
                            }
                        }
                        n_components += 1;
                    }
                    continue;
                };
                path.push((node, followed + 1));
                let (_, next) = self.ends(*edge);
                if index[next] == NONE {
                    path.push((next, 0));
                } else if component[next] == NONE {
                    low[node] = low[node].min(index[next]);
                }
            }
        }
        (component, n_components)
    }

    fn shortest_circle(&self, start: usize, component: &[usize]) -> Option<Vec<usize>> {
        // The edge by which each node was reached first.
        let mut reached_by: HashMap<usize, usize> = HashMap::new();
        let mut waiting = VecDeque::from([start]);
        while let Some(node) = waiting.pop_front() {
            for edge in self.leaving(node) {
                let (_, next) = self.ends(*edge);
                if component[next] != component[start] || reached_by.contains_key(&next) {
                    continue;
                }
                reached_by.insert(next, *edge as usize);
                waiting.push_back(next);
            }
        }
        let mut circle = vec![*reached_by.get(&start)?];
        while let Some(edge) = circle.last() {
            let (from, _) = self.edges[*edge];
            let from = from as usize;
            if from == start {
                break;
            }
            circle.push(*reached_by.get(&from)?);
        }
        circle.reverse();
        Some(circle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(n_nodes: usize, edges: &[(usize, usize)], expected: &[&[usize]]) {
        let graph = Graph::new(n_nodes, edges.iter().copied());
        assert_eq!(graph.circles(), expected, "{edges:?}");
    }

    #[test]
    fn one_circle_for_each_component() {
        check(3, &[(0, 1), (1, 2)], &[]);
        check(1, &[(0, 0)], &[&[0]]);
        check(4, &[(0, 1), (1, 2), (2, 0), (2, 1), (3, 3)], &[&[0, 1, 2], &[4]]);
        // The way back from 1 is shorter than that by 2.
        check(3, &[(0, 1), (1, 2), (2, 0), (1, 0)], &[&[0, 3]]);
        // Two ways to the same node, and an edge into a circle.
        check(4, &[(0, 1), (0, 2), (1, 3), (2, 3), (3, 2)], &[&[3, 4]]);
    }

    #[test]
    fn circular_edges_lie_in_circles() {
        let graph = Graph::new(3, [(0, 1), (1, 2), (2, 1)].into_iter());
        assert_eq!(graph.circular_edges(), [1, 2]);
    }

    #[test]
    fn long_chains_are_no_danger() {
        let n_nodes = 200_000;
        let edges = (0..n_nodes).map(|it| (it, (it + 1) % n_nodes));
        assert_eq!(Graph::new(n_nodes, edges).circles()[0].len(), n_nodes);
    }
}
