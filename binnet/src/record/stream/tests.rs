use rand::RngExt as _;

use super::*;
use crate::record::Section;
use crate::record::testing::Folder;

fn sections() -> Sections {
    Sections::new([Section::new("e", 60).clusters(3).tau(1.0 / 3.0), Section::new("i", 10)]).unwrap()
}

/// Blocks in which all neurons go up one after the other, then all down.
fn blocks(count: u64) -> impl Iterator<Item = (u64, Vec<PackedFlip>)> {
    (0..count).map(|block| {
        let flips = (0..70).map(|neuron| PackedFlip::new(3 * neuron, neuron, block % 2 == 0)).collect();
        (500 + block * 1000, flips)
    })
}

fn in_memory(count: u64) -> FlipLog {
    let mut log = FlipLog::new(sections(), &[0; 70], 500).unwrap();
    for (base, flips) in blocks(count) {
        log.append(base, &flips).unwrap();
    }
    log.advance_to(500 + count * 1000).unwrap();
    log
}

fn write(folder: &Folder, count: u64) -> FlipStream {
    let mut stream = FlipStream::create(folder.path("log"), sections(), &[0; 70], 500).unwrap();
    for (base, flips) in blocks(count) {
        stream.append(base, &flips).unwrap();
        stream.advance_to(base + 1000).unwrap();
    }
    stream
}

#[test]
fn a_finished_log_reads_back_equal() {
    let folder = Folder::new("stream-finished");
    write(&folder, 2000).finish().unwrap();
    assert_eq!(FlipLog::open(folder.path("log")).unwrap(), in_memory(2000));
    assert!(std::fs::read_to_string(folder.path("log/network.json")).unwrap().contains("\"finished\": true"));
    // A new log in the same folder replaces it.
    write(&folder, 2).finish().unwrap();
    assert_eq!(FlipLog::open(folder.path("log")).unwrap(), in_memory(2));
}

#[test]
fn a_killed_run_leaves_what_was_flushed() {
    let folder = Folder::new("stream-killed");
    let mut stream = write(&folder, 3);
    assert_eq!(FlipLog::open(folder.path("log")).unwrap().updates(), 0);
    stream.flush().unwrap();
    stream.append(3500, &[PackedFlip::new(0, 1, false)]).unwrap();
    std::mem::forget(stream);
    assert_eq!(FlipLog::open(folder.path("log")).unwrap(), in_memory(3));
    drop(write(&folder, 3));
    assert_eq!(FlipLog::open(folder.path("log")).unwrap(), in_memory(3));
}

/// What `open` reads is a beginning of the log, or it is refused. Returns its flips.
fn beginning(folder: &Folder, whole: &FlipLog) -> Option<u64> {
    let log = FlipLog::open(folder.path("log")).ok()?;
    assert_eq!(log, whole.slice(0, log.updates()));
    Some(log.len())
}

#[test]
fn a_file_cut_anywhere_gives_whole_blocks_or_an_error() {
    let folder = Folder::new("stream-cut");
    write(&folder, 100).finish().unwrap();
    let whole = in_memory(100);
    let path = folder.path("log").join(FLIPS);
    let bytes = fs::read(&path).unwrap();
    // Everywhere in the header and the first records, then at every place in a record.
    for cut in (0..250).chain((250..bytes.len()).step_by(BLOCK * RECORD_BYTES / 50 + 1)) {
        fs::write(&path, &bytes[..cut]).unwrap();
        let records = cut.checked_sub(HEADER_BYTES).map(|data| data / RECORD_BYTES);
        assert_eq!(beginning(&folder, &whole), records.map(|records| (records / BLOCK * BLOCK) as u64), "{cut}");
    }
    fs::write(&path, &bytes).unwrap();
    let path = folder.path("log").join(SUMS);
    let bytes = fs::read(&path).unwrap();
    for cut in 0..bytes.len() {
        fs::write(&path, &bytes[..cut]).unwrap();
        let blocks = (cut / ROW).checked_sub(1);
        assert_eq!(beginning(&folder, &whole), blocks.map(|blocks| (blocks * BLOCK).min(7000) as u64), "{cut}");
    }
    fs::write(&path, &bytes).unwrap();
    for name in [DESCRIPTION, STATES] {
        let path = folder.path("log").join(name);
        let bytes = fs::read(&path).unwrap();
        for cut in 0..bytes.len() - 2 {
            fs::write(&path, &bytes[..cut]).unwrap();
            let error = FlipLog::open(folder.path("log")).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
        fs::write(&path, &bytes).unwrap();
    }
    assert_eq!(FlipLog::open(folder.path("log")).unwrap(), whole);
    fs::remove_file(folder.path("log").join(FLIPS)).unwrap();
    assert!(FlipLog::open(folder.path("log")).unwrap_err().to_string().contains(FLIPS));
}

#[test]
fn ten_thousand_flipped_bits_are_refused_or_end_the_log() {
    let folder = Folder::new("stream-damaged");
    write(&folder, 20).finish().unwrap();
    let whole = in_memory(20);
    let mut rng = crate::rng::Streams::new(1).named("damage");
    let (mut refused, mut shorter) = (0, 0);
    for (name, rounds) in [(FLIPS, 6000), (SUMS, 2000), (DESCRIPTION, 1500), (STATES, 500)] {
        let path = folder.path("log").join(name);
        let bytes = fs::read(&path).unwrap();
        for _ in 0..rounds {
            let mut damaged = bytes.clone();
            let bit = rng.random_range(0..8 * bytes.len());
            damaged[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, &damaged).unwrap();
            match beginning(&folder, &whole) {
                None => refused += 1,
                Some(flips) => {
                    shorter += u32::from(flips < whole.len());
                    // Headers count for numpy, and some of the description, only.
                    let read = name == SUMS || (name == FLIPS && bit / 8 >= HEADER_BYTES);
                    assert!(flips < whole.len() || !read, "bit {bit} of {name}");
                }
            }
        }
        fs::write(&path, &bytes).unwrap();
    }
    assert_eq!(beginning(&folder, &whole), Some(whole.len()));
    assert!(refused > 500 && shorter > 5000, "{refused} refused, {shorter} shorter");
}

#[test]
fn logs_of_other_versions_are_refused() {
    let folder = Folder::new("stream-version");
    write(&folder, 1).finish().unwrap();
    let path = folder.path("log").join(DESCRIPTION);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace(FORMAT, "binnet flip log 1")).unwrap();
    let error = FlipLog::open(folder.path("log")).unwrap_err().to_string();
    assert!(error.contains("`binnet flip log 1`"), "{error}");
}

#[test]
fn a_log_is_gone_on_with() {
    let folder = Folder::new("stream-resumed");
    let whole = in_memory(60);
    let bytes_of = |folder: &Folder| [FLIPS, SUMS].map(|name| fs::read(folder.path("log").join(name)).unwrap().len());
    // At the end of the log, in the middle of it, of a block of the network, and of updates without flips.
    for at in [40_000, 33_333, 20_100, 20_500, 1, 0] {
        let mut stream = write(&folder, 40);
        stream.flush().unwrap();
        let before = bytes_of(&folder);
        // As after kill -9.
        std::mem::forget(stream);
        let part = whole.slice(0, at);
        let mut stream = FlipStream::resume(folder.path("log"), &sections(), &part.final_state(), 500 + at).unwrap();
        assert_eq!((stream.updates(), stream.len()), (at, part.len()));
        assert!(bytes_of(&folder)[0] <= before[0]);
        assert_eq!(FlipLog::open(folder.path("log")).unwrap(), part, "{at}");
        for flip in whole.iter().filter(|flip| flip.update >= at) {
            stream.append(500 + flip.update, &[PackedFlip::new(0, flip.neuron, flip.up)]).unwrap();
        }
        stream.advance_to(60_500).unwrap();
        stream.finish().unwrap();
        assert_eq!(FlipLog::open(folder.path("log")).unwrap(), whole, "{at}");
    }
    let part = whole.slice(0, 20_100);
    let resume = |states: &[u8], updates| {
        FlipStream::resume(folder.path("log"), &sections(), states, updates).map(drop).unwrap_err().to_string()
    };
    assert!(resume(&part.final_state(), 20_500).contains("other states"));
    assert!(resume(&part.final_state(), 70_000).contains("flips are missing"));
    assert!(resume(&part.final_state(), 3).contains("starts at update 500"));
    let other = Sections::new([Section::new("e", 70)]).unwrap();
    let error = FlipStream::resume(folder.path("log"), &other, &part.final_state(), 20_600).map(drop).unwrap_err();
    assert!(error.to_string().contains("other populations"), "{error}");
    assert_eq!(FlipLog::open(folder.path("log")).unwrap(), whole, "nothing was changed");
}

#[test]
fn bad_flips_are_refused() {
    let folder = Folder::new("stream-refused");
    let mut stream = write(&folder, 1);
    assert!(stream.append(1500, &[PackedFlip::new(0, 70, true)]).is_err());
    assert!(stream.append(400, &[PackedFlip::new(0, 0, false)]).is_err());
    assert!(stream.advance_to(3).is_err());
    stream.finish().unwrap();
    assert_eq!(FlipLog::open(folder.path("log")).unwrap(), in_memory(1));
}
