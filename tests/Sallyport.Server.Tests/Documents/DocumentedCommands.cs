using System.Diagnostics;
using System.Text.RegularExpressions;
using Sallyport.Server.Tests.Architecture;

namespace Sallyport.Server.Tests.Documents;

/// <summary>Runs the commands of a document exactly as they are printed.</summary>
internal static partial class DocumentedCommands
{
    /// <param name="heading">The heading with its number signs, such as <c>## PostgreSQL</c>.</param>
    /// <returns>The contents of the fenced blocks under the heading, up to the next one.</returns>
    public static IReadOnlyList<string> Read(string file, string heading, string language = "sh")
    {
        var lines = File.ReadAllLines(Repository.PathOf(file)).SkipWhile(line => line != heading).Skip(1).ToList();
        lines.ShouldNotBeEmpty($"{file} has no heading \"{heading}\".");
        var isInBlock = false;
        var section = lines.TakeWhile(line =>
        {
            isInBlock ^= line.StartsWith("```", StringComparison.Ordinal);
            return isInBlock || !line.StartsWith('#');
        });
        return
        [
            .. Block().Matches(string.Join('\n', section)).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value),
        ];
    }

    /// <summary>Runs a script that stops at the first command that fails.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-ec", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    public static async Task<string> ShouldRunAsync(string script, params (string Name, string Value)[] environment)
    {
        var (exitCode, output, errors) = await RunAsync(script, environment);
        exitCode.ShouldBe(0, script + errors);
        return output;
    }

    /// <summary>Skips the test if a program is missing, or fails it with <c>CI=true</c>.</summary>
    public static string Require(string program, string package)
    {
        string[] folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin"];
        if (folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) is { } path)
        {
            return path;
        }

        var reason = $"{program} is not installed (on Debian: apt-get install {package}).";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
        return "";
    }

    [GeneratedRegex("^```(\\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
