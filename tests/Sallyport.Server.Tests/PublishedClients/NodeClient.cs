using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>
/// Runs the scenarios of <c>tests/clients</c>. Where Node is not installed the tests are skipped, and fail with <c>CI=true</c>.
/// </summary>
internal static class NodeClient
{
    private static readonly SemaphoreSlim Installing = new(1, 1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <returns>What the scenario printed.</returns>
    public static async Task<JsonNode> RunAsync(string scenario, object input)
    {
        var folder = ClientsFolder();
        await InstallOnceAsync(folder);
        var (exitCode, output, errors) = await RunAsync(
            folder, "node", Path.Combine("scenarios", scenario + ".cjs"), System.Text.Json.JsonSerializer.Serialize(input));
        exitCode.ShouldBe(0, errors + output);
        return JsonNode.Parse(output)!;
    }

    private static async Task InstallOnceAsync(string folder)
    {
        await Installing.WaitAsync();
        try
        {
            if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            {
                var (exitCode, output, errors) = await RunAsync(folder, "npm", "ci", "--no-audit", "--no-fund");
                exitCode.ShouldBe(0, errors + output);
            }
        }
        finally
        {
            Installing.Release();
        }
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            const string Reason = "Node is not installed (on Debian: apt-get install nodejs npm).";
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                Assert.Fail(Reason);
            }

            Assert.Skip(Reason);
            throw;
        }
    }

    private static string ClientsFolder([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "clients"));
}
