# The normative statements of RFC 3602 (AES-CBC in ESP) that a peer can see, in our own words, by section. From knowledge of the
# text, not checked against it word by word. Form of a line and the words "fact" and "lower case": see rfc7296.tcl.

# 3 Algorithm and mode
req rfc3602/3/iv-own-block MUST sender {Each packet has an IV of one block of its own before its text.} -needs {esp} -reading {fact}
req rfc3602/3/cbc-iv-random MUST sender {The IV is random and cannot be told in advance.} -needs {esp}
