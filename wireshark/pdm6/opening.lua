-- The secrets of the user's key file, and in words what came of trying them.

local key_file = require("pdm6.key_file")
local opener = require("pdm6.opener")

local Opening = {}
Opening.__index = Opening

local opening = {}

-- path: a function that tells the file's name, "" if there is none.
function opening.new(path)
  return setmetatable({ path = path }, Opening)
end

-- Reads the file again before the next packet that needs it.
function Opening:forget()
  self.opener, self.why_not = nil, nil
end

function Opening:load()
  local path = self.path()
  if path == "" then
    self.why_not = "the preference pdm6.key_file names no key file"
    return
  end
  local keys, why = key_file.read(path)
  if not keys then
    self.why_not = why
  elseif keys.errors[1] then
    self.why_not = "key file, " .. keys.errors[1]
  else
    self.opener = opener.new(keys)
  end
end

-- attempt(opener) gives what was opened and the secret, or nil and a status. Returns status, what was opened, words:
-- which secret it was, or why there was none.
function Opening:try(attempt)
  if not self.opener and not self.why_not then self:load() end
  if not self.opener then return "no-key", nil, self.why_not end
  local opened, result = attempt(self.opener)
  if opened then
    return "ok", opened, string.format("line %d of the key file, suite %d", result.line, result.suite or 2)
  end
  return result, nil, result == "no-key" and "the key file has no secret for this" or nil
end

return opening
