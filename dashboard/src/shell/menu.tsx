import { useLocation } from 'preact-iso';
import { PLACES, placeOf } from '../places.ts';

/** The parts of the page. */
export function Menu() {
  const { path } = useLocation();
  const here = placeOf(path)?.path;
  return (
    <nav class="menu" aria-label="Parts of this page">
      <ul>
        {PLACES.map((place) => (
          <li key={place.path}>
            <a href={place.path} aria-current={place.path === here ? 'page' : undefined}>
              {place.title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
