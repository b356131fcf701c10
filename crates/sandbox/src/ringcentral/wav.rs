//! A small valid sound file.

/// Samples a second.
const RATE: u32 = 8_000;

/// Two seconds of a quiet 400 Hz tone: RIFF/WAVE, PCM, mono, 8 bits.
pub(crate) fn tone() -> Vec<u8> {
    let samples = RATE * 2;
    let mut file = Vec::with_capacity(44 + 16_000);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + samples).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16_u32.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&RATE.to_le_bytes());
    file.extend_from_slice(&RATE.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&8_u16.to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&samples.to_le_bytes());
    // A triangle of 20 samples, no louder than an eighth of full scale.
    file.extend((0..samples).map(|sample| {
        let step = sample % 20;
        let rise = if step < 10 { step } else { 20 - step };
        u8::try_from(112 + rise * 3).unwrap_or(128)
    }));
    file
}
