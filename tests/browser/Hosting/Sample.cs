using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>A sample, started by its one command. Without Node the test is skipped, and fails with <c>CI=true</c>.</summary>
internal sealed class Sample : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;

    private Sample(Process process, string url) => (this.process, Url) = (process, url);

    public string Url { get; }

    /// <param name="name">Its folder below <c>samples</c>.</param>
    public static async Task<Sample> StartAsync(string name, TestServer server)
    {
        var port = Ports.Free();
        var start = new ProcessStartInfo("npm", ["start"])
        {
            WorkingDirectory = Path.GetFullPath(Path.Combine(Folder(), "..", "..", "..", "samples", name)),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["SALLYPORT_URL"] = server.Url,
                ["CLIENT_ID"] = TestServer.ClientId,
                ["CLIENT_SECRET"] = TestServer.ClientSecret,
                ["PORT"] = $"{port}",
            },
        };
        var sample = new Sample(Run(start), $"http://localhost:{port}");
        using var deadline = new CancellationTokenSource(Patience);
        _ = sample.process.StandardError.ReadToEndAsync(deadline.Token);
        while (await sample.process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.StartsWith("Open " + sample.Url, StringComparison.Ordinal))
            {
                return sample;
            }
        }

        await sample.DisposeAsync();
        throw new InvalidOperationException($"The sample {name} does not start.");
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static Process Run(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("Node is not installed.");
            throw;
        }
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
