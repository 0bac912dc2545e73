namespace Pdm6.Capture.Analysis;

/// <summary>What looking for a measurement in a packet came to.</summary>
internal enum SpotOutcome : byte
{
    /// <summary>There is none.</summary>
    Nothing,
    /// <summary>There is one, and the packet's flow is known.</summary>
    Spotted,
    /// <summary>Headers run past the end of what was captured, or hide the flow: what there is cannot be told.</summary>
    Unreadable,
    /// <summary>The packet is a part of another.</summary>
    Fragment,
}
