namespace Pdm6.Capture.Live;

/// <summary>Packets cannot be captured here. The message is one line that says what to do.</summary>
public sealed class LiveCaptureException(string message, Exception? cause = null) : Exception(message, cause);
