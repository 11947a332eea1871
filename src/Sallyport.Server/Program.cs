using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sallyport.Server.Commands;
using Sallyport.Server.Configuration;

namespace Sallyport.Server;

internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        // Responses, logs and error messages are the same on every machine.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var line = CommandLineSettings.Read(args);
        if (line.Faults.Count > 0)
        {
            return Refuse(line.Faults);
        }

        return line.Commands.Count == 0
            ? await RunAsync([.. line.Settings], invocation: null)
            : await ParseAndRunAsync(line);
    }

    /// <summary>Separate, so that a start of the server does not load the command parser, which takes time.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<int> ParseAndRunAsync(CommandLineSettings line) =>
        CommandLine.InvokeAsync(CommandLine.Parse(line.Commands, invocation => RunAsync([.. line.Settings], invocation)));

    internal static WebApplication Build(WebApplicationBuilder builder, SallyportOptions options)
    {
        // Connections that the client has left are closed instead of reset, because a reset crashes some clients (docs/wire.md §2.5).
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.FinOnError", true);
        builder.ConfigureAddresses(options);
        builder.Services.AddSingleton(options);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddFeatures(options);
        // A failed start is reported in one line by StartupFault. The host would log a stack trace before that.
        var isStarted = false;
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => isStarted && level >= LogLevel.Information);

        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => isStarted = true);
        app.MapFeatures(options);
        return app;
    }

    /// <summary>Prints why the program ends.</summary>
    /// <returns>The exit code.</returns>
    internal static int Refuse(IEnumerable<string> faults)
    {
        foreach (var fault in faults)
        {
            Console.Error.WriteLine(fault);
        }

        return 1;
    }

    private static async Task<int> RunAsync(string[] settings, Invocation? invocation)
    {
        SallyportOptions? options = null;
        try
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
            var reader = new ConfigurationReader(builder.Configuration, builder.Environment.IsDevelopment());
            options = reader.Read();
            if (reader.Faults.Count > 0)
            {
                return invocation is { Command: Doctor } ? Doctor.ReportFaults(OutputOf(invocation), reader.Faults) : Refuse(reader.Faults);
            }

            if (invocation is not null)
            {
                return await RunAsync(builder, options, invocation);
            }

            await using var app = Build(builder, options);

            await app.StartSallyportAsync();
            await app.RunAsync();
            return 0;
        }
        catch (Exception exception) when (StartupFault.Explain(exception, options) is { } fault)
        {
            return Refuse([fault]);
        }
    }

    /// <summary>Runs a command. It may run beside servers on the same database.</summary>
    private static async Task<int> RunAsync(WebApplicationBuilder builder, SallyportOptions options, Invocation invocation)
    {
        // The standard output is for the result, and a command reports its faults itself.
        builder.Logging.ClearProviders();
        await using var app = Build(builder, options);
        if (invocation.Command.NeedsDatabase)
        {
            await app.Services.PrepareForCommandAsync(CancellationToken.None);
        }

        return await CommandRunner.RunAsync(
            invocation.Command, new CommandContext(app.Services, OutputOf(invocation), exception => StartupFault.Explain(exception, options)));
    }

    private static CommandOutput OutputOf(Invocation invocation) => CommandOutput.OfConsole(invocation.IsJson);
}
