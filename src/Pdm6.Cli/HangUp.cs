namespace Pdm6.Cli;

/// <summary>SIGHUP: ends a verb like Ctrl-C, unless the verb has something better to do with it.</summary>
internal static class HangUp
{
    private static readonly Lock s_oneAtATime = new();
    private static volatile Action? s_instead;

    /// <summary>What to do instead of ending. One verb runs in a process.</summary>
    internal static void Handle(Action instead) => s_instead = instead;

    /// <summary>True if it was handled.</summary>
    internal static bool TryHandle()
    {
        if (s_instead is not { } instead)
            return false;
        lock (s_oneAtATime)
            instead();
        return true;
    }
}
