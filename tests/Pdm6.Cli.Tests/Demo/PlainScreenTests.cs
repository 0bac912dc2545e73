using Pdm6.Cli.Demo;

namespace Pdm6.Cli.Tests.Demo;

public sealed class PlainScreenTests
{
    [Fact]
    public async Task ShowWhile_ReadingsComing_WritesThemAsPlainLines()
    {
        using StringWriter output = new();
        PlainScreen screen = new(output, TimeSpan.FromMilliseconds(10));
        TaskCompletionSource done = new();
        int readings = 0;

        await screen.ShowWhileAsync(
            () =>
            {
                if (++readings == 3)
                    done.SetResult();
                return Task.FromResult(Sample.Readings());
            },
            DateTime.UtcNow.AddSeconds(1), done.Task);

        Assert.Equal(3, readings);
        Assert.DoesNotContain('\x1b', output.ToString());
        Assert.DoesNotContain('\r', output.ToString());
        Assert.Contains("slow", output.ToString());
        Assert.Contains("50.1 ms", output.ToString());
    }

    [Fact]
    public void ShowFinal_Table_HasOneLineAGroupAndAlignedColumns()
    {
        using StringWriter output = new();
        new PlainScreen(output, PlainScreen.DefaultInterval).ShowFinal(Sample.Readings());

        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
        Assert.Contains("2 (2.0 %)", lines[1]);
    }
}
