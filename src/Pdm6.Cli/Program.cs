using System.Runtime.InteropServices;
using Pdm6.Cli;

using CancellationTokenSource stop = new();
// The first signal asks the verb to end and clean up; it decides how. SIGKILL is there for who cannot wait.
PosixSignalRegistration[] signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
    .Select(signal => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        if (signal != PosixSignal.SIGHUP || !HangUp.TryHandle())
            stop.Cancel();
    }))];
int exitCode = await CommandLineTool.Create().RunAsync(args, Console.Out, Console.Error, stop.Token);
foreach (PosixSignalRegistration signal in signals)
    signal.Dispose();
return exitCode;
