//! Milliseconds per PS256 signature. The first line of input is a PKCS#8 key in hexadecimal; each further line, a number, asks for a batch of
//! so many signatures and is answered with their mean.

use std::io::{self, BufRead};
use std::time::Instant;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PSS_SHA256, RsaKeyPair};

fn main() {
    let mut lines = io::stdin().lock().lines().map(|line| line.expect("input is text"));
    let hex = lines.next().expect("a key comes first");
    let pkcs8: Vec<u8> = hex
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).expect("ASCII"), 16).expect("hexadecimal"))
        .collect();
    let key = RsaKeyPair::from_pkcs8(&pkcs8).expect("a good key");
    let message = [b'a'; 400];
    let mut signature = vec![0; key.public_modulus_len()];
    for line in lines {
        let count: u32 = line.parse().expect("a number");
        let begin = Instant::now();
        for _ in 0..count {
            key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), &message, &mut signature)
                .expect("a signature");
        }
        println!("{}", begin.elapsed().as_secs_f64() * 1000.0 / f64::from(count));
    }
}
