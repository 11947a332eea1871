using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sallyport.Server.Commands;
using Sallyport.Server.Configuration;
using Sallyport.Server.Security;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Commands;

/// <summary>A command that has run in this process.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Errors)
{
    public JsonNode Json => JsonNode.Parse(Output)!;

    /// <summary>Runs a command beside a server, with its database and its clock.</summary>
    /// <param name="answer">What a person types at a terminal; null if there is no terminal.</param>
    public static async Task<CommandRun> RunAsync(TestServer server, ICommand command, bool isJson = false, string? answer = null)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        using var input = new StringReader(answer ?? "");
        var printed = new CommandOutput(output, errors, input) { IsJson = isJson, IsTerminal = answer is not null };
        var exitCode = await CommandRunner.RunAsync(command, new CommandContext(server.Services, printed, exception => StartupFault.Explain(exception, server.Options)));
        return new CommandRun(exitCode, output.ToString().TrimEnd(), errors.ToString().TrimEnd());
    }

    /// <summary>Runs a command on its own, with the clock of the machine.</summary>
    public static async Task<CommandRun> RunAsync(IEnumerable<(string Key, string Value)> settings, ICommand command, bool isJson = false)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<RsaKeySource, PooledRsaKeys>();
        var reader = new ConfigurationReader(builder.Configuration, isDevelopment: false);
        var options = reader.Read();
        reader.Faults.ShouldBeEmpty();
        await using var app = Program.Build(builder, options);
        using var output = new StringWriter();
        using var errors = new StringWriter();
        using var input = new StringReader("");
        var printed = new CommandOutput(output, errors, input) { IsJson = isJson };
        var exitCode = await CommandRunner.RunAsync(command, new CommandContext(app.Services, printed, exception => StartupFault.Explain(exception, options)));
        return new CommandRun(exitCode, output.ToString().TrimEnd(), errors.ToString().TrimEnd());
    }

    public CommandRun ShouldSucceed()
    {
        ExitCode.ShouldBe(0, Errors);
        Errors.ShouldBeEmpty();
        return this;
    }

    public void ShouldFail(string line)
    {
        ExitCode.ShouldBe(1);
        Errors.ShouldBe(line);
        Output.ShouldBeEmpty();
    }
}
