using System.Globalization;
using Microsoft.Extensions.DependencyInjection.Extensions;
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

        // A start of the server does not load the command parser, which takes time.
        return line.Commands.Count == 0
            ? await RunAsync([.. line.Settings], import: null)
            : await CommandLine.InvokeAsync(CommandLine.Parse(line.Commands, import => RunAsync([.. line.Settings], import)));
    }

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

    private static async Task<int> RunAsync(string[] settings, ImportCommand? import)
    {
        SallyportOptions? options = null;
        try
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
            var reader = new ConfigurationReader(builder.Configuration, builder.Environment.IsDevelopment());
            options = reader.Read();
            if (reader.Faults.Count > 0)
            {
                return Refuse(reader.Faults);
            }

            await using var app = Build(builder, options);
            if (import is not null)
            {
                return await import.RunAsync(app);
            }

            await app.StartSallyportAsync();
            await app.RunAsync();
            return 0;
        }
        catch (Exception exception) when (StartupFault.Explain(exception, options) is { } fault)
        {
            return Refuse([fault]);
        }
    }
}
