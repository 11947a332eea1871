using Sallyport.Server.Http.OpenApi;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace Sallyport.Server.Http.Paging;

/// <summary>Offset paging (docs/management-api.md §E.3): zero-based pages; with totals the answer is an object, without them an array.</summary>
internal sealed record Page(int Number, int Size, bool IncludeTotals) : IEndpointParameterMetadataProvider
{
    private const int MaxSize = 100;
    private const int DefaultSize = 50;

    public int Start => Number * Size;

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryParameter("page", JsonSchemaType.Integer));
        builder.Metadata.Add(new QueryParameter("per_page", JsonSchemaType.Integer));
        builder.Metadata.Add(new QueryParameter("include_totals", JsonSchemaType.Boolean));
    }

    /// <returns>The total, where the number of items on the page tells it: a page that is not full is the last one.</returns>
    public long? KnownTotal(int count) => count < Size && (count > 0 || Start == 0) ? Start + count : null;

    public static ValueTask<Page> BindAsync(HttpContext context, ParameterInfo _)
    {
        var query = context.Request.Query;
        return ValueTask.FromResult(new Page(
            QueryValues.Int(query, "page", fallback: 0, max: int.MaxValue / MaxSize),
            QueryValues.Int(query, "per_page", fallback: DefaultSize, max: MaxSize),
            QueryValues.Bool(query, "include_totals", fallback: false)));
    }
}
