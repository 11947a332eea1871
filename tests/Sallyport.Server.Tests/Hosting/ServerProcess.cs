using System.Collections.Concurrent;
using System.Diagnostics;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>The built server as a separate process.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> output = [];
    private readonly ConcurrentQueue<string> errors = [];
    private readonly Process process;
    private readonly string folder = Directory.CreateTempSubdirectory("sallyport-process").FullName;

    private ServerProcess(IEnumerable<string> command, IEnumerable<(string Key, string Value)> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Sallyport.Server.dll"), .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            // The tests must not use files in the home directory, such as a developer certificate.
            Environment = { ["HOME"] = folder },
        };
        foreach (var (key, value) in settings)
        {
            start.ArgumentList.Add($"--{key}={value}");
        }

        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => errors.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    /// <summary>The output so far; complete after the process has ended.</summary>
    public string Output => string.Join('\n', output).TrimEnd();

    /// <summary>The error output so far; complete after the process has ended.</summary>
    public string Errors => string.Join('\n', errors).TrimEnd();

    public static ServerProcess Start(params IEnumerable<(string Key, string Value)> settings) => new([], settings);

    /// <summary>Runs a command, which ends by itself.</summary>
    public static ServerProcess Run(IEnumerable<string> command, IEnumerable<(string Key, string Value)> settings) => new(command, settings);

    /// <summary>Sends SIGTERM, as a service manager does.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Sends SIGKILL: the process completes nothing.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan? deadline = null)
    {
        using var timeout = new CancellationTokenSource(deadline ?? Deadline, TimeProvider.System);
        await process.WaitForExitAsync(timeout.Token);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
