#!/bin/bash -eu
# build.sh - builds every target of fuzz/ the way OSS-Fuzz asks for: CC, CFLAGS and LIB_FUZZING_ENGINE come from outside; programs,
# seed corpora, dictionaries and options go to OUT. `harness/build/clusterfuzz` runs it with plain clang.
work=${WORK:-build}/cfl
make V=fuzz BUILD="$work" CC="$CC" FLAGS.fuzz="$CFLAGS -DIKESPEC_FUZZ" LINK.fuzz="${LDFLAGS:-}" fuzzers
for source in fuzz/*_fuzz.c; do
    name=$(basename "$source" _fuzz.c)
    cp "$work/fuzz/fuzz/${name}_fuzzer" "$OUT/${name}_fuzzer"
    (cd corpora && find "$name" "crash/$name" -type f ! -name '*.md' 2>/dev/null) | sort >"$work/list"
    python3 - "$OUT/${name}_fuzzer_seed_corpus.zip" "$work/list" <<'ZIP'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
    for n, f in enumerate(open(sys.argv[2]).read().split("\n")):
        if f:
            z.write("corpora/" + f, "%05d" % n)
ZIP
    if [ -f "fuzz/dict/$name.dict" ]; then cp "fuzz/dict/$name.dict" "$OUT/${name}_fuzzer.dict"; fi
    printf '[libfuzzer]\nmax_len = 65535\ntimeout = 10\n' >"$OUT/${name}_fuzzer.options"
done
