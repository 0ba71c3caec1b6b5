using System.Linq.Expressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Api.Http;

/// <summary>
/// What a list can be sorted and filtered by, declared once a list:
/// <code>
/// private static readonly ListSpec&lt;Order&gt; Orders = new ListSpec&lt;Order&gt;(o => o.Id)
///     .Sort("created_at", o => o.CreatedAt)
///     .Filter("status", o => o.Status)
///     .Filter("from", (DateOnly day) => o => o.Day >= day)
///     .DefaultSort("-created_at");
/// </code>
/// and used as <c>await Orders.PageAsync(list, db.Orders.Where(...), o => new OrderDto(...), ct)</c> on an endpoint that says
/// <c>.WithList(Orders)</c>, which documents the parameters. The unique id given to the constructor ends every order, so that
/// pages neither overlap nor leave anything out. Everything else that a caller asks for is 422.
/// </summary>
internal sealed class ListSpec<T> : IListSpec
{
    private const int MaxSorts = 5;
    private const string Start = "start_date";
    private const string End = "end_date";

    private readonly Dictionary<string, Func<IQueryable<T>, bool, bool, IOrderedQueryable<T>>> _sorts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ListFilter<T>> _filters = new(StringComparer.Ordinal);
    private readonly Func<IQueryable<T>, IOrderedQueryable<T>?, IOrderedQueryable<T>> _endByUnique;
    private string _defaultSort = "";
    private Func<string, string, bool>? _isBackwards;

    public ListSpec(Expression<Func<T, Guid>> id) =>
        _endByUnique = (source, sorted) => Order(sorted ?? source, id, descending: false, first: sorted is null);

    public ListSpec(Expression<Func<T, string>> id) =>
        _endByUnique = (source, sorted) => Order(sorted ?? source, id, descending: false, first: sorted is null);

    public ListSpec(Expression<Func<T, long>> id) =>
        _endByUnique = (source, sorted) => Order(sorted ?? source, id, descending: false, first: sorted is null);

    IEnumerable<string> IListSpec.Sorts => _sorts.Keys;

    IEnumerable<(string Field, Type Type)> IListSpec.Filters => _filters.Select(f => (f.Key, f.Value.Type));

    string IListSpec.DefaultSort => _defaultSort;

    public ListSpec<T> Sort<TKey>(string field, Expression<Func<T, TKey>> key)
    {
        _sorts.Add(field, (source, descending, first) => Order(source, key, descending, first));
        return this;
    }

    /// <summary>The order when the caller asks for none; written as in the <c>sort</c> parameter.</summary>
    public ListSpec<T> DefaultSort(string sort)
    {
        _defaultSort = sort;
        return this;
    }

    /// <summary>Keeps the items whose field equals the value. Enums are given in snake_case, dates as <c>2026-11-16</c>.</summary>
    public ListSpec<T> Filter<TValue>(string field, Expression<Func<T, TValue>> value)
    {
        _filters.Add(field, ListFilter<T>.Equal(value));
        return this;
    }

    /// <summary>Keeps the items for which the predicate made from the value holds.</summary>
    public ListSpec<T> Filter<TValue>(string field, Func<TValue, Expression<Func<T, bool>>> predicate)
    {
        _filters.Add(field, ListFilter<T>.By(predicate));
        return this;
    }

    /// <summary>
    /// <c>filter[start_date]</c> and <c>filter[end_date]</c>: keeps the items from the one to the other, by the predicates made from them. An end before its start is
    /// refused: an empty list would look like an answer.
    /// </summary>
    public ListSpec<T> Span<TValue>(Func<TValue, Expression<Func<T, bool>>> from, Func<TValue, Expression<Func<T, bool>>> to)
        where TValue : struct, IComparable<TValue>
    {
        _isBackwards = (first, last) => ListValue.TryParse(typeof(TValue), first, out var start) && ListValue.TryParse(typeof(TValue), last, out var end) && ((TValue)start).CompareTo((TValue)end) > 0;
        return Filter(Start, from).Filter(End, to);
    }

    /// <summary>One page of <paramref name="source"/> with its total, as the caller asked; 422 if they asked for what there is not.</summary>
    public Task<Results<PageResult<TItem>, InvalidProblem>> PageAsync<TItem>(ListRequest list, IQueryable<T> source, Expression<Func<T, TItem>> select, CancellationToken ct) =>
        ReadAsync(list, source, rows => rows.Select(select).ToListAsync(ct), ct);

    /// <summary>The same for items that need more than their row: <paramref name="complete"/> is given the rows of the page and answers an item for each, in their order.</summary>
    public Task<Results<PageResult<TItem>, InvalidProblem>> PageOfRowsAsync<TItem>(ListRequest list, IQueryable<T> source, Func<List<T>, Task<List<TItem>>> complete, CancellationToken ct) =>
        ReadAsync(list, source, async rows => await complete(await rows.ToListAsync(ct)), ct);

    /// <summary>All that the caller asked for, in order, for answers without pages. Not to be used when there are errors.</summary>
    public IQueryable<T> All(ListRequest list, IQueryable<T> source, List<FieldError> errors) => Sort(Filter(source, list, errors), list, errors);

    private async Task<Results<PageResult<TItem>, InvalidProblem>> ReadAsync<TItem>(ListRequest list, IQueryable<T> source, Func<IQueryable<T>, Task<List<TItem>>> read, CancellationToken ct)
    {
        var errors = new List<FieldError>();
        var (page, perPage) = list.Page(errors);
        var filtered = Filter(source, list, errors);
        var sorted = Sort(filtered, list, errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);

        var total = await filtered.LongCountAsync(ct);
        var skip = (page - 1L) * perPage;
        var items = skip >= total ? [] : await read(sorted.Skip((int)skip).Take(perPage));
        return new PageResult<TItem>(new Page<TItem>(items, Pagination.Of(page, perPage, total)));
    }

    private IQueryable<T> Filter(IQueryable<T> source, ListRequest list, List<FieldError> errors)
    {
        var asked = list.Filters(errors).ToList();
        foreach (var (field, text) in asked)
        {
            if (!_filters.TryGetValue(field, out var filter))
                errors.Add(new FieldError($"filter[{field}]", _filters.Count == 0 ? "This list has no filters." : $"There is no such filter. There are: {string.Join(", ", _filters.Keys)}."));
            else if (filter.Parse(text) is { } predicate)
                source = source.Where(predicate);
            else
                errors.Add(new FieldError($"filter[{field}]", $"The value must be {ListValue.Describe(filter.Type)}."));
        }

        if (_isBackwards is not null && asked.Find(f => f.Field == Start).Text is { } first && asked.Find(f => f.Field == End).Text is { } last && _isBackwards(first, last))
            errors.Add(new FieldError($"filter[{End}]", "The end is before the start."));
        return source;
    }

    private IOrderedQueryable<T> Sort(IQueryable<T> source, ListRequest list, List<FieldError> errors)
    {
        IOrderedQueryable<T>? sorted = null;
        var parts = list.Sort(_defaultSort);
        if (parts.Length > MaxSorts)
            errors.Add(new FieldError("sort", $"A list is sorted by at most {MaxSorts} fields."));
        foreach (var part in parts.Take(MaxSorts))
        {
            var descending = part.StartsWith('-');
            var field = descending ? part[1..] : part;
            if (_sorts.TryGetValue(field, out var order))
                sorted = order(sorted ?? source, descending, sorted is null);
            else
                errors.Add(new FieldError("sort", _sorts.Count == 0 ? "This list cannot be sorted." : $"There is no order by '{field}'. There are: {string.Join(", ", _sorts.Keys)}."));
        }

        return _endByUnique(source, sorted);
    }

    private static IOrderedQueryable<T> Order<TKey>(IQueryable<T> source, Expression<Func<T, TKey>> key, bool descending, bool first) => (first, descending) switch
    {
        (true, false) => source.OrderBy(key),
        (true, true) => source.OrderByDescending(key),
        (false, false) => ((IOrderedQueryable<T>)source).ThenBy(key),
        (false, true) => ((IOrderedQueryable<T>)source).ThenByDescending(key),
    };
}

/// <summary>What the documentation needs to know of a <see cref="ListSpec{T}"/>.</summary>
internal interface IListSpec
{
    IEnumerable<string> Sorts { get; }

    IEnumerable<(string Field, Type Type)> Filters { get; }

    string DefaultSort { get; }
}

internal static class ListConventions
{
    /// <summary>Documents the list's parameters on the endpoint.</summary>
    public static RouteHandlerBuilder WithList(this RouteHandlerBuilder endpoint, IListSpec list) => endpoint.WithMetadata(list);
}
