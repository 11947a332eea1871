using System.Globalization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sallyport.Server.Configuration;

namespace Sallyport.Server;

internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        // Answers, logs and faults read the same on every machine.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (args is ["--help" or "-h", ..])
        {
            Console.Out.WriteLine(Help.Text);
            return 0;
        }

        // A word alone is no setting: most likely a slip in "import".
        if (args is [var word, ..] && word != ImportCommand.Name && !word.StartsWith('-') && !word.StartsWith('/') && !word.Contains('=', StringComparison.Ordinal))
        {
            return Refuse([$"\"{word}\" is not understood; --help says what is"]);
        }

        var (import, settings) = ImportCommand.Read(args);
        if (import is { Fault: { } fault })
        {
            return Refuse([fault]);
        }

        return await RunAsync(settings, import);
    }

    private static async Task<int> RunAsync(string[] args, ImportCommand? import)
    {
        SallyportOptions? options = null;
        try
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
            var reader = new ConfigurationReader(builder.Configuration);
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

    internal static WebApplication Build(WebApplicationBuilder builder, SallyportOptions options)
    {
        builder.ListenWhereConfigured(options);
        builder.Services.AddSingleton(options);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddFeatures(options);
        // What stops a start is said in one line at its end (StartupFault), and not in a stack trace before that.
        var isStarted = false;
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => isStarted && level >= LogLevel.Information);

        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => isStarted = true);
        app.MapFeatures(options);
        return app;
    }

    private static int Refuse(IEnumerable<string> faults)
    {
        foreach (var fault in faults)
        {
            Console.Error.WriteLine(fault);
        }

        return 1;
    }
}
