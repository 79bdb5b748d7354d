use binnet::prelude::*;

network! {
    struct Wrong<const N: usize = 100> {
        asynchronous;
        param p = 80;
        size first;
        size second = N;
        size third = 0;
        size fourth = p;
        size fifth = 2.5;
        size sixth = 100;
        population a: Binary[p] { tau: 10 ms };
        population b: Binary[sixth + N] { tau: 10 ms };
        population c: Binary[sixht] { tau: 10 ms };
        population d: Binary[sixth] { tau: 10 ms };
    }
}

fn main() {}
