using System.Linq.Expressions;

namespace FitTrack.Api.Http;

/// <summary>A filter: the type of its value, and the predicate that a value's text makes (null: not of that type).</summary>
internal sealed record ListFilter<T>(Type Type, Func<string, Expression<Func<T, bool>>?> Parse)
{
    public static ListFilter<T> By<TValue>(Func<TValue, Expression<Func<T, bool>>> predicate) =>
        new(typeof(TValue), text => ListValue.TryParse(typeof(TValue), text, out var value) ? predicate((TValue)value) : null);

    public static ListFilter<T> Equal<TValue>(Expression<Func<T, TValue>> member) => By<TValue>(value =>
    {
        // A field of an object, as a closure would have it, so that EF makes a parameter of it and can reuse the query.
        var given = Expression.Field(Expression.Constant(new Given<TValue>(value)), nameof(Given<>.Value));
        return Expression.Lambda<Func<T, bool>>(Expression.Equal(member.Body, given), member.Parameters);
    });

    private sealed class Given<TValue>(TValue value)
    {
        public readonly TValue Value = value;
    }
}
