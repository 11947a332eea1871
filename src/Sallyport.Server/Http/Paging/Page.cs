using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Http.OpenApi;

namespace Sallyport.Server.Http.Paging;

/// <summary>Offset paging (docs/management-api.md §E.3): zero-based pages; the answer is an object if totals are included, else an array.</summary>
internal sealed record Page(int Number, int Size, bool IncludeTotals) : IEndpointParameterMetadataProvider
{
    public const int DefaultSize = 50;

    private const int MaxSize = 100;

    public int Start => Number * Size;

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryParameter("page", JsonSchemaType.Integer));
        builder.Metadata.Add(new QueryParameter("per_page", JsonSchemaType.Integer));
        builder.Metadata.Add(new QueryParameter("include_totals", JsonSchemaType.Boolean));
    }

    public static ValueTask<Page> BindAsync(HttpContext context, ParameterInfo _) =>
        ValueTask.FromResult(Read(context.Request.Query, DefaultSize));

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static Page Read(IQueryCollection query, int defaultSize) => new(
        QueryValues.Int(query, "page", fallback: 0, max: int.MaxValue / MaxSize),
        QueryValues.Int(query, "per_page", fallback: defaultSize, max: MaxSize),
        QueryValues.Bool(query, "include_totals", fallback: false));

    /// <returns>The total, if the number of items on this page is enough to know it: a page that is not full is the last one.</returns>
    public long? KnownTotal(int count) => count < Size && (count > 0 || Start == 0) ? Start + count : null;
}
