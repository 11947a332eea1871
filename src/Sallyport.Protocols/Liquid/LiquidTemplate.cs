using System.Diagnostics.CodeAnalysis;
using Sallyport.Protocols.Liquid.Filters;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Tags;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid;

/// <summary>A parsed template. It is immutable, and several threads can render it at once.</summary>
public sealed class LiquidTemplate
{
    private readonly LiquidLimits _limits;

    private LiquidTemplate(string source, Block root, LiquidLimits limits)
    {
        Source = source;
        Root = root;
        _limits = limits;
    }

    /// <summary>The names of all filters.</summary>
    public static IReadOnlyCollection<string> FilterNames => FilterRegistry.Names;

    /// <summary>The text that was parsed.</summary>
    public string Source { get; }

    internal Block Root { get; }

    /// <summary>Parses a template. Names of tags and filters and numbers of arguments are checked here.</summary>
    /// <param name="source">The template, of any length.</param>
    /// <param name="limits">The limits for parsing it, and for each rendering of it.</param>
    /// <param name="template">The template, if the result is true.</param>
    /// <param name="error">The first error, if the result is false.</param>
    public static bool TryParse(
        string source,
        LiquidLimits limits,
        [NotNullWhen(true)] out LiquidTemplate? template,
        [NotNullWhen(false)] out LiquidError? error)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(limits);
        try
        {
            template = new LiquidTemplate(source, new TemplateParser(source, limits, TagRegistry.Find).ParseTemplate(), limits);
            error = null;
            return true;
        }
        catch (LiquidFault fault)
        {
            template = null;
            error = LiquidError.At(source, fault.Offset, fault.Message);
            return false;
        }
    }

    /// <summary>Renders the template.</summary>
    /// <param name="data">
    /// The variables: null, bool, long (or a smaller integer), double, decimal, string, DateTimeOffset, <see cref="TrustedText"/>, and
    /// IReadOnlyList and IReadOnlyDictionary of these. Any other value is an error when the template uses it: a template cannot reach members
    /// of .NET objects.
    /// </param>
    /// <param name="options">Partials, the current time, and whether data is marked.</param>
    /// <returns>The text, or the error that ended the rendering, such as a limit of <see cref="LiquidLimits"/>.</returns>
    public LiquidResult Render(IReadOnlyDictionary<string, object?> data, LiquidRenderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var output = new OutputBuffer(_limits.MaxOutputLength);
        options ??= LiquidRenderOptions.Default;
        var variables = new Variables(options.MarksData ? new MarkedMap(data) : data);
        var context = new RenderContext(new Budget(_limits), output, options, variables);
        try
        {
            Root.Render(context);
            return LiquidResult.Rendered(output.ToString());
        }
        catch (LiquidFault fault)
        {
            var (partial, name) = context.CurrentPartial;
            return LiquidResult.Failed(LiquidError.At((partial ?? this).Source, context.Position, fault.Message, name));
        }
    }
}
