using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>
/// Runs the scenarios of <c>tests/clients</c>. If Node is not installed, the tests are skipped, or fail with <c>CI=true</c>.
/// </summary>
internal static class NodeClient
{
    private static readonly SemaphoreSlim Installing = new(1, 1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <returns>What the scenario printed.</returns>
    public static Task<JsonNode> RunAsync(string scenario, object input) =>
        RunScriptAsync("", Path.Combine("scenarios", scenario + ".cjs"), input);

    /// <param name="package">The folder below <c>tests/clients</c> whose packages the script uses.</param>
    /// <returns>What the script printed.</returns>
    public static async Task<JsonNode> RunScriptAsync(string package, string script, object input)
    {
        var (exitCode, output, errors) = await RunProgramAsync(
            package, "node", [script, System.Text.Json.JsonSerializer.Serialize(input)], new Dictionary<string, string>());
        exitCode.ShouldBe(0, errors + output);
        return JsonNode.Parse(output)!;
    }

    /// <summary>Runs a program in the folder of a package, after installing its dependencies.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunProgramAsync(
        string package, string program, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var folder = Path.Combine(ClientsFolder(), package);
        await InstallOnceAsync(folder);
        return await RunAsync(folder, program, arguments, environment);
    }

    /// <summary>Starts a script that takes its input while it runs.</summary>
    public static async Task<Process> StartAsync(string package, string script)
    {
        var folder = Path.Combine(ClientsFolder(), package);
        await InstallOnceAsync(folder);
        var info = StartInfo(folder, "node", [script]);
        info.RedirectStandardInput = true;
        return Start(info);
    }

    private static async Task InstallOnceAsync(string folder)
    {
        await Installing.WaitAsync();
        try
        {
            if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            {
                var (exitCode, output, errors) = await RunAsync(
                    folder, "npm", ["ci", "--no-audit", "--no-fund"], new Dictionary<string, string>());
                exitCode.ShouldBe(0, errors + output);
            }
        }
        finally
        {
            Installing.Release();
        }
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string folder, string program, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = StartInfo(folder, program, arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

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

    private static ProcessStartInfo StartInfo(string folder, string program, string[] arguments) => new(program, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["NODE_EXTRA_CA_CERTS"] = TestCertificate.AuthorityPath },
    };

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
