-- Opens protected options and frames with the secrets of a key file (protocol reference, section 6).

local bits = require("pdm6.bits")
local gcm = require("pdm6.gcm")
local octets = require("pdm6.octets")
local sha256 = require("pdm6.sha256")

local KEY_SIZES = { [1] = 16, [2] = 32 } -- by suite: AES-128-GCM, AES-256-GCM
local NONCE_SIZE, FRAME_KEY_SIZE = 12, 32
local MOST_CACHED = 4096 -- a capture may name any number of pairs and epochs

local Opener = {}
Opener.__index = Opener

local opener = {}

opener.CARRIAGE_DESTINATION_OPTION, opener.CARRIAGE_UDP_OPTION = 0, 1

function opener.new(keys)
  return setmetatable({ keys = keys, cached = {}, cached_count = 0 }, Opener)
end

function Opener:remember(name, make)
  local found = self.cached[name]
  if not found then
    if self.cached_count >= MOST_CACHED then self.cached, self.cached_count = {}, 0 end
    found = make()
    self.cached[name], self.cached_count = found, self.cached_count + 1
  end
  return found
end

-- Every secret that could be this pair's. try_each moves the one that opens to the front.
function Opener:candidates(pair)
  return self:remember("pair" .. pair, function()
    local found = {}
    for _, entry in ipairs(self.keys.pair_secrets) do
      if entry.pair == pair then found[#found + 1] = entry end
    end
    for _, entry in ipairs(self.keys.base_secrets) do
      found[#found + 1] = {
        secret = sha256.expand(entry.secret, "pdm6 v1 pair" .. pair, 32),
        suite = entry.suite,
        line = entry.line,
      }
    end
    return found
  end)
end

-- Tries candidates until one opens. Returns what it gives and the candidate; or nil and "no-key" or
-- "authentication-failed".
local function try_each(candidates, attempt)
  for place, candidate in ipairs(candidates) do
    local opened = attempt(candidate)
    if opened then
      table.insert(candidates, 1, table.remove(candidates, place))
      return opened, candidate
    end
  end
  return nil, #candidates == 0 and "no-key" or "authentication-failed"
end

local function session(candidate, epoch)
  local key_size = KEY_SIZES[candidate.suite]
  local info = "pdm6 v1 session" .. octets.from_u16(candidate.suite) .. octets.from_u16(epoch)
  local material = sha256.expand(candidate.secret, info, key_size + NONCE_SIZE)
  return { key = gcm.prepare(material:sub(1, key_size)), base_nonce = material:sub(key_size + 1) }
end

local function nonce(base_nonce, flow, carriage, epoch, psntp)
  local counter = string.char(flow.protocol, carriage) .. octets.from_u16(flow.source_port)
    .. octets.from_u16(flow.destination_port) .. octets.from_u16(epoch) .. octets.from_u32(psntp)
  local words = {}
  for offset = 0, NONCE_SIZE - 1, 4 do
    words[#words + 1] = octets.from_u32(bits.bxor(octets.u32(base_nonce, offset), octets.u32(counter, offset)))
  end
  return table.concat(words)
end

-- The metric block of a protected option and the candidate that opened it, or nil and why not.
function Opener:open_option(option, flow, carriage, associated_data)
  return try_each(self:candidates(flow.source .. flow.destination), function(candidate)
    local name = octets.from_u16(candidate.suite) .. octets.from_u16(option.epoch) .. candidate.secret
    local current = self:remember(name, function() return session(candidate, option.epoch) end)
    local number = nonce(current.base_nonce, flow, carriage, option.epoch, option.psntp)
    return gcm.open(current.key, number, associated_data, option.hidden, option.tag)
  end)
end

-- The TLVs of a sealed frame and the candidate that opened it, or nil and why not. With a key id, which is an epoch,
-- the key comes from the pair's secret.
function Opener:open_frame(frame, source, destination)
  local function open(key)
    return gcm.open(key, frame.nonce, frame.associated_data, frame.ciphertext, frame.tag)
  end
  if not frame.key_id then
    return try_each(self.keys.frame_keys, function(candidate)
      return open(self:remember("frame" .. candidate.key, function() return gcm.prepare(candidate.key) end))
    end)
  end
  return try_each(self:candidates(source .. destination), function(candidate)
    local info = "pdm6 v1 frame" .. octets.from_u16(candidate.suite) .. octets.from_u16(frame.key_id)
    return open(self:remember(info .. candidate.secret, function()
      return gcm.prepare(sha256.expand(candidate.secret, info, FRAME_KEY_SIZE))
    end))
  end)
end

return opener
