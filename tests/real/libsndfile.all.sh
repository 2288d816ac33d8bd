# libsndfile: a C library with many checks, generated sources and a config.h that comes out otherwise in
# a second configure; trained by its converter.
. "$(dirname "$0")/lib.sh"
fetch libsndfile
unedited -DBUILD_EXAMPLES=OFF -DENABLE_CPACK=OFF

# au BYTES: one channel of 16 bits, of what the source files hold.
au() {
    printf '.snd\0\0\0\030\377\377\377\377\0\0\0\003\0\0\254\104\0\0\0\001'
    cat src/src/*.c src/src/*.c | head -c "$1"
}
au 400000 >train.au
au 2400000 >large.au
optimized --train "gsm=sndfile-convert -gsm610 '$work/train.au' gsm.wav" \
    --train "ima=sndfile-convert -ima-adpcm '$work/train.au' ima.wav" \
    --train "float=sndfile-convert -float32 '$work/train.au' float.aiff" \
    --train "ulaw=sndfile-convert -ulaw '$work/train.au' ulaw.wav" \
    --held-out "large=sndfile-convert -ima-adpcm '$work/large.au' large.wav" \
    --held-out "large-gsm=sndfile-convert -gsm610 '$work/large.au' large-gsm.wav"
tested 100
compared
untouched
