-- Bit operations on unsigned 32-bit integers.
--
-- Lua 5.2 (Wireshark up to 4.2) has the library bit32 and no operators; Lua 5.3 and later (Wireshark 4.4) have
-- operators and no bit32. Lua 5.2 cannot even parse the operators, so they are compiled here only where they exist.

if bit32 then
  return {
    band = bit32.band,
    bor = bit32.bor,
    bnot = bit32.bnot,
    bxor = bit32.bxor,
    extract = bit32.extract,
    lshift = bit32.lshift,
    rrotate = bit32.rrotate,
    rshift = bit32.rshift,
  }
end

return load([[
  local word = 0xffffffff
  return {
    band = function(a, b) return a & b end,
    bor = function(a, b) return a | b end,
    bnot = function(a) return ~a & word end,
    bxor = function(a, b, c, d, e) return a ~ b ~ (c or 0) ~ (d or 0) ~ (e or 0) end,
    extract = function(a, from, width) return a >> from & ((1 << (width or 1)) - 1) end,
    lshift = function(a, by) return a << by & word end,
    rrotate = function(a, by) return (a >> by | a << (32 - by)) & word end,
    rshift = function(a, by) return a >> by end,
  }
]])()
