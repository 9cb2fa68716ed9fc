<CsoundSynthesizer>
; The rain of the benchmark: a bed in six bands a side that gusts move, and 2000 drops a second, each with a pitch, a
; level and a place of its own. How long: csound --omacro:SECONDS=60 --smacro:SECONDS=60
<CsInstruments>
sr = 48000
ksmps = 10
nchnls = 2
0dbfs = 1

giSine ftgen 0, 0, 8192, 10, 1

instr 1
  kGust = ampdb(0.6 * jspline:k(1, 0.02, 0.1) + 0.5 * jspline:k(1, 0.2, 0.5) + 0.5 * jspline:k(1, 1, 4))
  aLeft = 0
  aRight = 0
  iBand = 0
bands:
  iCentre = 250 * (2.1 ^ iBand)
  iLevel = ampdb(-24 - 2.5 * iBand)
  aLeft += butterbp:a(rand:a(1, 2), iCentre, iCentre * 0.7) * iLevel
  aRight += butterbp:a(rand:a(1, 2), iCentre, iCentre * 0.7) * iLevel
  loop_lt iBand, 1, 6, bands
  outs aLeft * kGust, aRight * kGust
  ; Poisson: at most one drop in each of 4800 control periods a second.
  kFalls = (random:k(0, 1) < 2000 / kr) ? 1 : 0
  schedkwhen kFalls, 0, 0, 2, 0, 0.015
endin

instr 2
  iHz = 1000 * (12 ^ random:i(0, 1))
  iLevel = 0.003 * (random:i(0.02, 1) ^ -0.7)
  iPan = random:i(0, 1)
  aDrop = oscili(expseg(iLevel, p3, iLevel * 0.001), iHz, giSine)
  outs aDrop * sqrt(1 - iPan), aDrop * sqrt(iPan)
endin
</CsInstruments>
<CsScore>
i 1 0 $SECONDS
</CsScore>
</CsoundSynthesizer>
