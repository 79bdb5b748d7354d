//! Programs of the language that run as they are written.
#![allow(clippy::print_stdout, reason = "programs print what they find")]

/// A balanced network of conductance-based neurons.
mod program_1 {
    include!("programs/program_1.rs");

    #[test]
    fn runs_as_written() {
        let folder = std::env::temp_dir().join(format!("binnet-program-1-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::env::set_current_dir(&folder).unwrap();
        main().unwrap();
        let size = |name: &str| std::fs::metadata(folder.join(name)).map_or(0, |file| file.len());
        // 22 Hz of 4000 neurons: 80 000 spikes of 20 bytes each, before compression.
        assert!(size("coba.npz") > 100_000 && size("coba.svg") > 1000);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
