//! Pixels as PNG.

use ::png::{BitDepth, ColorType, Compression, Encoder, PixelDimensions, Unit};

/// Encodes red, green and blue bytes, row by row; marked as 200 pixels an inch.
pub(super) fn encode(rgb: &[u8], width: usize, height: usize) -> Result<Vec<u8>, String> {
    let side = |pixels: usize| u32::try_from(pixels).map_err(|_| format!("{pixels} pixels are too many"));
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, side(width)?, side(height)?);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: 7874, yppu: 7874, unit: Unit::Meter }));
    let mut writer = encoder.write_header().map_err(|e| e.to_string())?;
    writer.write_image_data(rgb).map_err(|e| e.to_string())?;
    writer.finish().map_err(|e| e.to_string())?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_come_back() {
        let rgb: Vec<u8> = (0..2 * 3 * 3).collect();
        let bytes = encode(&rgb, 3, 2).unwrap();
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let mut back = vec![0; 18];
        reader.next_frame(&mut back).unwrap();
        assert_eq!(back, rgb);
        assert!(encode(&rgb, 3, 3).is_err());
    }
}
