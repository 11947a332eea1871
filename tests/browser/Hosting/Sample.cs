using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>
/// A sample, started by its one command: <c>dotnet run</c> or <c>npm start</c>. Without Node the test is skipped, and fails with <c>CI=true</c>.
/// </summary>
internal sealed class Sample : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;

    private Sample(Process process, string url) => (this.process, Url) = (process, url);

    public string Url { get; }

    /// <param name="name">Its folder below <c>samples</c>.</param>
    /// <param name="settings">Further environment variables.</param>
    public static async Task<Sample> StartAsync(string name, TestServer server, params (string Name, string Value)[] settings)
    {
        var port = Ports.Free();
        var folder = Path.GetFullPath(Path.Combine(Folder(), "..", "..", "..", "samples", name));
        // The .NET samples are built together with the tests.
        var start = Directory.EnumerateFiles(folder, "*.csproj").Any()
            ? new ProcessStartInfo("dotnet", ["run", "--no-build"])
            : new ProcessStartInfo("npm", ["start"]);
        foreach (var (variable, value) in settings)
        {
            start.Environment[variable] = value;
        }

        var sample = new Sample(Run(Configure(start, folder, server, port)), $"http://localhost:{port}");
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

    private static ProcessStartInfo Configure(ProcessStartInfo start, string folder, TestServer server, int port)
    {
        start.WorkingDirectory = folder;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["SALLYPORT_URL"] = server.Url;
        start.Environment["CLIENT_ID"] = TestServer.ClientId;
        start.Environment["CLIENT_SECRET"] = TestServer.ClientSecret;
        start.Environment["PORT"] = $"{port}";
        return start;
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
