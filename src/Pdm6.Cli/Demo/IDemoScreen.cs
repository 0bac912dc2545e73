namespace Pdm6.Cli.Demo;

/// <summary>Where the demo speaks to the user.</summary>
internal interface IDemoScreen
{
    /// <summary>Says one line.</summary>
    void Say(string line);

    /// <summary>Shows readings as they change, until <paramref name="done"/> has ended; then the last of them stays.
    /// Does not throw what <paramref name="done"/> throws.</summary>
    Task ShowWhileAsync(Func<Task<Readings>> read, DateTime end, Task done);

    /// <summary>Shows the final readings.</summary>
    void ShowFinal(Readings readings);
}
